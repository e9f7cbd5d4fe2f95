//! How to point the SDKs that people use today at the sandbox: what differs from production, and no more.
//!
//! They are the connecting lines of programs that were run against it; the Java and Go ones against builds of
//! those SDKs' sources, some of them patched to build.

use redpack_sandbox::{Options, Sandbox};
use serde_json::{Map, Value};

use crate::output::visible;

/// Name, and the snippet with places for the sandbox's own values.
const SNIPPETS: [(&str, &str); 13] = [
    ("redpack", include_str!("connect/redpack.txt")),
    ("curl", include_str!("connect/curl.txt")),
    ("Node: axios, node:https", include_str!("connect/axios.txt")),
    ("Node: wechatpay-axios-plugin", include_str!("connect/wechatpay-axios-plugin.txt")),
    ("Node: tenpay", include_str!("connect/tenpay.txt")),
    ("Python: requests", include_str!("connect/requests.txt")),
    ("Python: wechatpy", include_str!("connect/wechatpy.txt")),
    ("PHP: wechatpay-php", include_str!("connect/wechatpay-php.txt")),
    ("PHP: EasyWeChat 5", include_str!("connect/easywechat-5.txt")),
    ("PHP: EasyWeChat 6", include_str!("connect/easywechat-6.txt")),
    ("Java: WxJava", include_str!("connect/wxjava.txt")),
    ("Go: gopay", include_str!("connect/gopay.txt")),
    ("Go: chanxuehong/wechat", include_str!("connect/chanxuehong-wechat.txt")),
];

/// Every snippet, filled in.
fn filled(sandbox: &Sandbox) -> impl Iterator<Item = (&'static str, String)> {
    let base_url = sandbox.base_url();
    // A snippet is to work from any folder.
    let dir = std::path::absolute(sandbox.dir()).unwrap_or_else(|_| sandbox.dir().to_owned());
    let values = [
        ("{address}", base_url.replace("https://", "")),
        ("{base_url}", base_url),
        ("{dir}", visible(&dir.display().to_string())),
        ("{mch_id}", sandbox.mch_id().to_owned()),
        ("{appid}", sandbox.appid().to_owned()),
    ];
    // A key that was given by file may be a real one: the snippets then only say where it goes.
    let throw_away = Options::new("").api_key;
    let own = sandbox.api_key().expose() == throw_away.expose();
    let key = ("{api_key}", if own { throw_away.expose() } else { "API_KEY" }.to_owned());
    SNIPPETS.into_iter().map(move |(name, snippet)| {
        let snippet = snippet.trim_end().to_owned();
        let fill = |text: String, (place, value): &(&str, String)| text.replace(place, value);
        (name, values.iter().chain([&key]).fold(snippet, fill))
    })
}

/// As JSON: by name.
pub fn json(sandbox: &Sandbox) -> Value {
    Value::Object(filled(sandbox).map(|(name, text)| (name.to_owned(), text.into())).collect::<Map<_, _>>())
}

/// For people: name, then the lines.
pub fn people(sandbox: &Sandbox) -> String {
    let sections =
        filled(sandbox).map(|(name, text)| ["\n  ", name, "\n    ", &text.replace('\n', "\n    ")].concat());
    sections.collect()
}
