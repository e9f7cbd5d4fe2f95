//! The endpoints and their fields: one table each, sorted by name, and nothing else is signed or sent.
//!
//! Source: protocol facts, sections 1 and 2 (WeChat's pages of 2024 and 2025). Lengths are bytes of UTF-8.

/// The rule that a field's value obeys beyond its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Any text that XML 1.0 can carry.
    Text,
    /// ASCII letters and digits.
    Alphanumeric,
    /// Plain digits, greater than zero, no leading zero: fen.
    Fen,
    /// Plain digits, no leading zero.
    Number,
    /// The number 1.
    One,
    /// An IPv4 address.
    Ipv4,
    /// `PRODUCT_1` to `PRODUCT_8`.
    Scene,
    /// This very text.
    Constant(&'static str),
}

/// Where a field's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The caller must give it.
    Required,
    /// The caller may give it.
    Optional,
    /// The caller may give it; else this.
    Default(&'static str),
    /// The client's merchant number; the caller may only repeat it.
    MerchantNumber,
    /// The client's appid, unless the caller gives another.
    AppId,
    /// Derived (sends) or random (queries), unless the caller gives one.
    Nonce,
    /// Computed with the WeCom secret.
    WorkwxSign,
}

/// One field of a request.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// The most bytes of UTF-8 that it may have.
    pub max_bytes: usize,
    /// What else it must obey.
    pub rule: Rule,
    /// Where its value comes from.
    pub source: Source,
}

/// Whether a call moves money or asks about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It creates or repeats an order.
    Send,
    /// It asks what became of one.
    Query,
}

/// One endpoint of the service.
#[derive(Debug)]
pub struct Endpoint {
    /// Its short name, the last part of its path.
    pub name: &'static str,
    /// The path below the host.
    pub path: &'static str,
    /// Whether it moves money.
    pub purpose: Purpose,
    /// Whether a successful answer must carry a valid signature (the WeCom endpoints).
    pub signed_answer: bool,
    /// Its fields, sorted by name.
    pub fields: &'static [Field],
}

impl Endpoint {
    /// Where a field stands in the table.
    pub fn position(&self, name: &str) -> Option<usize> {
        // One after the other: lengths differ nearly always, so that few names are compared at all.
        self.fields.iter().position(|field| field.name == name)
    }
}

/// All typed endpoints.
pub const ENDPOINTS: [&Endpoint; 5] =
    [&SENDREDPACK, &SENDMINIPROGRAMHB, &GETHBINFO, &SENDWORKWXREDPACK, &QUERYWORKWXREDPACK];

const fn field(name: &'static str, max_bytes: usize, rule: Rule, source: Source) -> Field {
    Field { name, max_bytes, rule, source }
}

/// The most digits that a `u64` can have: the wire sets no length for numbers.
const NUMBER: usize = 20;

// Fields that several endpoints share, word for word.
const ACT_NAME: Field = field("act_name", 32, Rule::Text, Source::Required);
const APPID: Field = field("appid", 32, Rule::Text, Source::AppId);
const MCH_BILLNO: Field = field("mch_billno", 28, Rule::Alphanumeric, Source::Required);
const MCH_ID: Field = field("mch_id", 32, Rule::Alphanumeric, Source::MerchantNumber);
const NONCE_STR: Field = field("nonce_str", 32, Rule::Text, Source::Nonce);
const RE_OPENID: Field = field("re_openid", 32, Rule::Text, Source::Required);
const REMARK: Field = field("remark", 256, Rule::Text, Source::Required);
const SCENE_ID: Field = field("scene_id", 32, Rule::Scene, Source::Optional);
const SEND_NAME: Field = field("send_name", 32, Rule::Text, Source::Required);
const TOTAL_AMOUNT: Field = field("total_amount", NUMBER, Rule::Fen, Source::Required);
const TOTAL_NUM: Field = field("total_num", NUMBER, Rule::One, Source::Default("1"));
const WISHING: Field = field("wishing", 128, Rule::Text, Source::Required);
const WXAPPID: Field = field("wxappid", 32, Rule::Text, Source::AppId);

/// Ordinary red packet (普通红包), direct and service-provider mode.
pub static SENDREDPACK: Endpoint = Endpoint {
    name: "sendredpack",
    path: "/mmpaymkttransfers/sendredpack",
    purpose: Purpose::Send,
    signed_answer: false,
    fields: &[
        ACT_NAME,
        field("client_ip", 15, Rule::Ipv4, Source::Default("127.0.0.1")),
        field("consume_mch_id", 32, Rule::Alphanumeric, Source::Optional),
        MCH_BILLNO,
        MCH_ID,
        field("msgappid", 32, Rule::Text, Source::Optional),
        NONCE_STR,
        RE_OPENID,
        REMARK,
        field("risk_info", 128, Rule::Text, Source::Optional),
        SCENE_ID,
        SEND_NAME,
        field("sub_mch_id", 32, Rule::Alphanumeric, Source::Optional),
        TOTAL_AMOUNT,
        TOTAL_NUM,
        WISHING,
        WXAPPID,
    ],
};

/// Mini program red packet (小程序红包).
pub static SENDMINIPROGRAMHB: Endpoint = Endpoint {
    name: "sendminiprogramhb",
    path: "/mmpaymkttransfers/sendminiprogramhb",
    purpose: Purpose::Send,
    signed_answer: false,
    fields: &[
        ACT_NAME,
        MCH_BILLNO,
        MCH_ID,
        NONCE_STR,
        field("notify_way", 256, Rule::Constant("MINI_PROGRAM_JSAPI"), Source::Default("MINI_PROGRAM_JSAPI")),
        RE_OPENID,
        REMARK,
        SCENE_ID,
        SEND_NAME,
        TOTAL_AMOUNT,
        TOTAL_NUM,
        WISHING,
        WXAPPID,
    ],
};

/// Query (查询红包记录) of ordinary, mini program and historic group red packets.
pub static GETHBINFO: Endpoint = Endpoint {
    name: "gethbinfo",
    path: "/mmpaymkttransfers/gethbinfo",
    purpose: Purpose::Query,
    signed_answer: false,
    fields: &[
        APPID,
        field("bill_type", 32, Rule::Constant("MCHT"), Source::Default("MCHT")),
        MCH_BILLNO,
        MCH_ID,
        NONCE_STR,
    ],
};

/// WeCom red packet (企业红包).
pub static SENDWORKWXREDPACK: Endpoint = Endpoint {
    name: "sendworkwxredpack",
    path: "/mmpaymkttransfers/sendworkwxredpack",
    purpose: Purpose::Send,
    signed_answer: true,
    fields: &[
        ACT_NAME,
        field("agentid", NUMBER, Rule::Number, Source::Optional),
        MCH_BILLNO,
        MCH_ID,
        NONCE_STR,
        RE_OPENID,
        REMARK,
        SCENE_ID,
        field("sender_header_media_id", 128, Rule::Text, Source::Optional),
        field("sender_name", 128, Rule::Text, Source::Optional),
        TOTAL_AMOUNT,
        WISHING,
        field("workwx_sign", 32, Rule::Alphanumeric, Source::WorkwxSign),
        WXAPPID,
    ],
};

/// Query of WeCom red packets.
pub static QUERYWORKWXREDPACK: Endpoint = Endpoint {
    name: "queryworkwxredpack",
    path: "/mmpaymkttransfers/queryworkwxredpack",
    purpose: Purpose::Query,
    signed_answer: true,
    fields: &[APPID, MCH_BILLNO, MCH_ID, NONCE_STR],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_complete() {
        for endpoint in ENDPOINTS {
            assert!(endpoint.fields.is_sorted_by(|a, b| a.name < b.name), "{}", endpoint.name);
            assert!(endpoint.path.ends_with(endpoint.name));
            assert!(endpoint.position("sign").is_none());
            for (index, field) in endpoint.fields.iter().enumerate() {
                assert_eq!(endpoint.position(field.name), Some(index));
            }
        }
        let counts: Vec<usize> = ENDPOINTS.iter().map(|endpoint| endpoint.fields.len()).collect();
        assert_eq!(counts, [17, 13, 5, 14, 4]);
    }
}
