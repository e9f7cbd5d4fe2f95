//! What the service checks in a request whose certificate and signature are right.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use redpack::billno::is_mch_billno;
use redpack::table::{Endpoint, Field, Rule, Source};

use crate::answer::Refusal;
use crate::faults::Marker;
use crate::fields::Fields;
use crate::policy::{Known, Lengths, Need, Policy, Scene, WorkwxFields};

/// What one packet may hold, in fen, unless a scene is named (protocol facts, section 2.8).
const AMOUNTS: std::ops::RangeInclusive<i64> = 100..=20_000;
/// What it may hold with a scene, at the widest that merchants have reported.
const SCENE_AMOUNTS: std::ops::RangeInclusive<i64> = 30..=499_900;

/// The texts that people write: those whose length limit may be meant as "less than".
const TEXTS: [&str; 5] = ["act_name", "remark", "send_name", "sender_name", "wishing"];

/// The fields that the service knows at that endpoint, under that policy, sorted by name.
pub(crate) fn known_fields(endpoint: &'static Endpoint, policy: &Policy) -> Cow<'static, [Field]> {
    let workwx = endpoint.name == "sendworkwxredpack" && policy.workwx_fields == WorkwxFields::Openapi;
    let consume = endpoint.position("consume_mch_id").is_some() && policy.consume_mch_id == Known::Unknown;
    let msgappid = endpoint.position("msgappid").is_some() && policy.msgappid == Need::Required;
    if !(workwx || consume || msgappid) {
        return Cow::Borrowed(endpoint.fields);
    }
    let mut fields = endpoint.fields.to_vec();
    fields.retain(|field| !(consume && field.name == "consume_mch_id"));
    for field in &mut fields {
        if workwx && field.name == "sender_name" || msgappid && field.name == "msgappid" {
            field.source = Source::Required;
        }
    }
    if workwx {
        let ordinary =
            |name: &str| redpack::table::SENDREDPACK.fields.iter().find(|field| field.name == name);
        fields.extend(["client_ip", "total_num"].into_iter().filter_map(ordinary));
        fields.sort_by_key(|field| field.name);
    }
    Cow::Owned(fields)
}

/// Every field that is known: there, not too long, and of the right form. The first that isn't is reported.
pub(crate) fn fields(known: &[Field], fields: &Fields<'_>, policy: &Policy) -> Result<(), Refusal> {
    for field in known {
        one(field, fields, policy)?;
    }
    if !fields.text("sender_name").is_empty() && !fields.text("agentid").is_empty() {
        return Err(Refusal::parameter("sender_name和agentid只能填一个"));
    }
    Ok(())
}

fn one(field: &Field, fields: &Fields<'_>, policy: &Policy) -> Result<(), Refusal> {
    let (name, value) = (field.name, fields.text(field.name));
    if name == "mch_billno" && !is_mch_billno(value) {
        return Err(Refusal::parameter("输入的商户订单号有误"));
    }
    if value.is_empty() && field.source == Source::Optional {
        return Ok(());
    }
    let strict = policy.lengths == Lengths::LessThanPrinted && TEXTS.contains(&name);
    let most = field.max_bytes - usize::from(strict);
    if value.is_empty() || value.len() > most {
        let text = format!("{name}字段必填，并且少于{}字符", field.max_bytes);
        return Err(Refusal::parameter(&text));
    }
    let wrong = match field.rule {
        Rule::One if fields.number(name) != 1 => format!("{name}必须等于1"),
        Rule::Fen if fields.number(name) < 1 => format!("{name}必须大于0"),
        Rule::Number if fields.number(name) < 0 => format!("{name}必须为非负整数"),
        Rule::Ipv4 if value.parse::<Ipv4Addr>().is_err() => format!("{name}必须是合法的IP字符串"),
        Rule::Scene if policy.scene_id == Scene::Merged || !is_scene(value) => {
            "该场景未开通，请检查scene_id".to_owned()
        }
        Rule::Constant(constant) if value != constant => format!("{name}必须为{constant}"),
        Rule::Alphanumeric if !value.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            format!("{name}含有非法字符")
        }
        _ => return Ok(()),
    };
    Err(Refusal::parameter(&wrong))
}

fn is_scene(value: &str) -> bool {
    matches!(value.strip_prefix("PRODUCT_").map(str::as_bytes), Some([b'1'..=b'8']))
}

/// The appid belongs to the merchant.
///
/// A WeCom call carries a corpid. The sandbox has none of its own: it takes any that looks like one.
pub(crate) fn appid(endpoint: &'static Endpoint, fields: &Fields<'_>, appid: &str) -> Result<(), Refusal> {
    let name = if endpoint.position("wxappid").is_some() { "wxappid" } else { "appid" };
    let value = fields.text(name);
    let workwx = endpoint.signed_answer && value.starts_with("ww");
    if value == appid || workwx {
        Ok(())
    } else if !value.starts_with("wx") {
        Err(Refusal::new("ILLEGAL_APPID", "非法appid，请确认是否为公众号的appid，不能为APP的appid"))
    } else {
        Err(Refusal::parameter(&format!("商户号和{name}不匹配")))
    }
}

/// The recipient looks like one. Liberal, since the sandbox knows no users.
pub(crate) fn openid(fields: &Fields<'_>) -> Result<(), Refusal> {
    let ok = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let openid = fields.text("re_openid");
    if let Some(Err(unknown)) = Marker::of(openid) {
        return Err(Refusal::parameter(&format!("re_openid: {unknown}")));
    }
    if openid.bytes().all(ok) {
        Ok(())
    } else {
        Err(Refusal::new("OPENID_ERROR", "openid和wxappid不匹配，请检查openid"))
    }
}

/// The amount is within what the merchant may put into one packet.
pub(crate) fn amount(fields: &Fields<'_>) -> Result<(), Refusal> {
    let (range, yuan) = if fields.text("scene_id").is_empty() {
        (AMOUNTS, "1.00元到200.00元")
    } else {
        (SCENE_AMOUNTS, "0.30元到4999.00元")
    };
    if range.contains(&fields.number("total_amount")) {
        Ok(())
    } else {
        Err(Refusal::new("MONEY_LIMIT", format!("每个红包的平均金额必须在{yuan}之间")))
    }
}

#[cfg(test)]
mod tests {
    use redpack::table::{GETHBINFO, QUERYWORKWXREDPACK, SENDREDPACK, SENDWORKWXREDPACK};
    use redpack::xml::{self, Element};

    use super::*;

    fn order(changes: &[(&str, &str)]) -> Element {
        let mut values = vec![
            ("act_name", "猜灯谜"),
            ("client_ip", "127.0.0.1"),
            ("mch_billno", "1900000109abc"),
            ("mch_id", "1900000109"),
            ("nonce_str", "n"),
            ("re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"),
            ("remark", "快来抢"),
            ("send_name", "天虹百货"),
            ("total_amount", "100"),
            ("total_num", "1"),
            ("wishing", "元宵节快乐"),
            ("wxappid", "wx8888888888888888"),
        ];
        values.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        values.extend(changes);
        xml::read(xml::write(values).expect("legal").as_bytes()).expect("xml")
    }

    fn refusal(changes: &[(&str, &str)]) -> String {
        let root = order(changes);
        fields(SENDREDPACK.fields, &Fields::new(&root), &Policy::default()).err().map_or_else(
            String::new,
            |refusal| {
                assert_eq!(refusal.code, "PARAM_ERROR");
                refusal.text.trim_start_matches("参数错误:").to_owned()
            },
        )
    }

    #[test]
    fn fields_are_required_limited_in_bytes_and_of_their_form() {
        assert_eq!(refusal(&[]), "");
        let (ten, eleven) = ("祝".repeat(10), "祝".repeat(11));
        for (changes, text) in [
            ([("nonce_str", "")], "nonce_str字段必填，并且少于32字符"),
            ([("send_name", &*ten)], ""),
            ([("send_name", &*eleven)], "send_name字段必填，并且少于32字符"),
            ([("wishing", &*"祝".repeat(43))], "wishing字段必填，并且少于128字符"),
            ([("mch_billno", "")], "输入的商户订单号有误"),
            ([("mch_billno", "abc-1")], "输入的商户订单号有误"),
            ([("mch_billno", &*"1".repeat(28))], ""),
            ([("mch_billno", &*"1".repeat(29))], "输入的商户订单号有误"),
            ([("total_num", "2")], "total_num必须等于1"),
            ([("total_num", "")], "total_num字段必填，并且少于20字符"),
            ([("total_amount", "-5")], "total_amount必须大于0"),
            ([("client_ip", "1.2.3")], "client_ip必须是合法的IP字符串"),
            ([("client_ip", "::1")], "client_ip必须是合法的IP字符串"),
            ([("scene_id", "PRODUCT_8")], ""),
            ([("scene_id", "PRODUCT_9")], "该场景未开通，请检查scene_id"),
            ([("sub_mch_id", "10000090")], ""),
            ([("sub_mch_id", "a b")], "sub_mch_id含有非法字符"),
            ([("consume_mch_id", "10000098")], ""),
            ([("msgappid", "wx28b16568a629bb33")], ""),
        ] {
            assert_eq!(refusal(&changes), text, "{changes:?}");
        }
    }

    #[test]
    fn policies_change_lengths_scenes_and_known_fields() {
        let judged = |policy: Policy, changes: &[(&str, &str)]| {
            let root = order(changes);
            fields(&known_fields(&SENDREDPACK, &policy), &Fields::new(&root), &policy).is_ok()
        };
        let strict = || Policy { lengths: Lengths::LessThanPrinted, ..Policy::default() };
        assert!(judged(strict(), &[("send_name", &"a".repeat(31)), ("nonce_str", &"n".repeat(32))]));
        assert!(!judged(strict(), &[("send_name", &"a".repeat(32))]));
        assert!(judged(Policy::default(), &[("remark", &"a".repeat(256))]));
        assert!(!judged(strict(), &[("remark", &"a".repeat(256))]));
        let merged = || Policy { scene_id: Scene::Merged, ..Policy::default() };
        assert!(judged(merged(), &[]) && !judged(merged(), &[("scene_id", "PRODUCT_1")]));
        let required = || Policy { msgappid: Need::Required, ..Policy::default() };
        assert!(judged(required(), &[("msgappid", "wx1")]) && !judged(required(), &[]));
        let unknown = Policy { consume_mch_id: Known::Unknown, ..Policy::default() };
        assert_eq!(known_fields(&SENDREDPACK, &unknown).len(), SENDREDPACK.fields.len() - 1);
        let openapi = Policy { workwx_fields: WorkwxFields::Openapi, ..Policy::default() };
        let known = known_fields(&SENDWORKWXREDPACK, &openapi);
        assert_eq!(known.len(), SENDWORKWXREDPACK.fields.len() + 2);
        assert!(known.is_sorted_by(|a, b| a.name < b.name));
        assert!(matches!(known_fields(&GETHBINFO, &openapi), Cow::Borrowed(_)));
    }

    #[test]
    fn a_marker_must_name_a_fault() {
        for (openid, ok) in [("f--drop-after", true), ("f--NOTENOUGH--2--zhang", true), ("f--dorp", false)] {
            assert_eq!(super::openid(&Fields::new(&order(&[("re_openid", openid)]))).is_ok(), ok, "{openid}");
        }
    }

    #[test]
    fn a_scene_opens_the_range_of_amounts() {
        for (total_amount, scene_id, ok) in [
            ("99", "", false),
            ("100", "", true),
            ("20000", "", true),
            ("20001", "", false),
            ("29", "PRODUCT_1", false),
            ("30", "PRODUCT_1", true),
            ("499900", "PRODUCT_1", true),
            ("499901", "PRODUCT_1", false),
        ] {
            let root = order(&[("total_amount", total_amount), ("scene_id", scene_id)]);
            let result = amount(&Fields::new(&root));
            assert_eq!(result.is_ok(), ok, "{total_amount} {scene_id}");
            assert!(ok || result.is_err_and(|refusal| refusal.code == "MONEY_LIMIT"));
        }
    }

    #[test]
    fn appids_belong_to_the_merchant() {
        let ours = "wx8888888888888888";
        for (endpoint, name, value, code) in [
            (&SENDREDPACK, "wxappid", ours, ""),
            (&SENDREDPACK, "wxappid", "wx1", "PARAM_ERROR"),
            (&SENDREDPACK, "wxappid", "ww1", "ILLEGAL_APPID"),
            (&GETHBINFO, "appid", ours, ""),
            (&GETHBINFO, "appid", "app", "ILLEGAL_APPID"),
            (&SENDWORKWXREDPACK, "wxappid", "ww1", ""),
            (&QUERYWORKWXREDPACK, "appid", "wx1", "PARAM_ERROR"),
        ] {
            let root = order(&[(name, value)]);
            let found =
                appid(endpoint, &Fields::new(&root), ours).err().map_or("".into(), |refusal| refusal.code);
            assert_eq!(found, code, "{} {value}", endpoint.name);
        }
    }

    #[test]
    fn openids_are_letters_digits_dash_and_underscore() {
        for (value, ok) in [("o-_1", true), ("someone", true), ("o 1", false), ("张三", false)] {
            assert_eq!(openid(&Fields::new(&order(&[("re_openid", value)]))).is_ok(), ok, "{value}");
        }
    }
}
