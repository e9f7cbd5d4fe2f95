//! All words for people, in English and Chinese.

pub mod demo;
pub mod journal;
mod kinds;

pub use kinds::explained;

use clap::ValueEnum;
use redpack::{Advice, Finding, OrderStatus, Outcome, Scope};

/// A language of what people read. JSON is the same in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

impl Lang {
    /// The language of the locale, as POSIX has it: the first of these that is set decides.
    pub fn of_locale() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        if locale.to_string_lossy().to_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    pub fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}

/// What is known of the money after a send.
pub fn outcome(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => lang.pick(
            "WeChat accepted the order and took the money from the merchant",
            "微信已接受该订单，款项已从商户账户扣出",
        ),
        Outcome::NotSent => {
            lang.pick("nothing reached WeChat: no money has moved", "没有任何内容到达微信：款项未动")
        }
        Outcome::Rejected => lang.pick(
            "WeChat refused the order and, by all evidence, does not hold it",
            "微信拒绝了该订单，从各种迹象看也没有保留它",
        ),
        Outcome::Pending => lang.pick(
            "WeChat holds, or may hold, the order unpaid: it can still be paid",
            "微信已保留（或可能保留）该订单但尚未付款：之后仍可能付出",
        ),
        Outcome::Unknown => {
            lang.pick("nobody knows yet: the money may have moved", "结果未知：款项可能已经付出")
        }
    }
}

/// What to do next.
pub fn advice(lang: Lang, advice: Advice) -> &'static str {
    match advice {
        Advice::None => lang.pick("nothing to do", "无需处理"),
        Advice::FixSetup => lang.pick(
            "stop and mend the setup (credentials, key, settings, product): every further call would fail alike",
            "请停止发放并修正配置（证书、密钥、设置或产品权限）：继续调用只会同样失败",
        ),
        Advice::FixOrder => lang.pick(
            "mend the fields that are named; recipient and amount under one order number never change",
            "请修正上述字段；同一订单号下的收款人和金额不可更改",
        ),
        Advice::RetrySameOrder => lang.pick(
            "when the cause is gone, send again with the same order number and the same fields",
            "原因消除后，用同一订单号、相同字段重新发送",
        ),
        Advice::QueryFirst => lang.pick(
            "ask with `redpack query` what became of the order; keep its number, make no new one",
            "先用 `redpack query` 查询订单结果；保留原订单号，不要换新号",
        ),
        Advice::NewOrderAllowed => lang.pick(
            "this order failed for good: a new one, under a new number, can't pay twice",
            "该订单已确定失败：换新订单号重新发放不会重复付款",
        ),
        Advice::AskOperator => lang.pick(
            "no machine can settle it any more: look into the merchant console",
            "程序已无法判断：请到商户平台人工核对",
        ),
    }
}

/// Whom else it concerns; of the order alone there is nothing to say.
pub fn scope(lang: Lang, scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Order => None,
        Scope::Recipient => Some(lang.pick("every order to this recipient", "发给该用户的所有订单")),
        Scope::Merchant => {
            Some(lang.pick("every order of this merchant: pause the queue", "该商户的所有订单：请暂停队列"))
        }
    }
}

/// What a status says of an order that was found.
pub fn status(lang: Lang, status: Option<&OrderStatus>) -> &'static str {
    match status {
        Some(OrderStatus::Sending) => lang.pick("being sent, or stuck", "发放中，或已卡住"),
        Some(OrderStatus::Sent) => lang.pick("sent, waiting to be claimed", "已发放，待领取"),
        Some(OrderStatus::Failed) => lang.pick("failed for good", "发放失败"),
        Some(OrderStatus::Received) => lang.pick("sent and claimed", "已领取"),
        Some(OrderStatus::Refunding) => {
            lang.pick("sent, not claimed, the money is going back", "已发放，未领取，退款中")
        }
        Some(OrderStatus::Refunded) => {
            lang.pick("sent, not claimed, the money is back", "已发放，未领取，已退款")
        }
        Some(OrderStatus::Other(_)) | None => {
            lang.pick("a status that this version does not know", "本版本不认识的状态")
        }
    }
}

/// The service does not know the order: the answer that is most often misread.
pub fn not_found(lang: Lang) -> &'static str {
    lang.pick(
        "WeChat does not know this order (yet). That is not a failure: it may be on its way, or older than 30 days",
        "微信（暂时）查不到该订单。这不代表失败：订单可能仍在途中，或已超过 30 天",
    )
}

/// The query itself failed.
pub fn query_failed(lang: Lang) -> &'static str {
    lang.pick(
        "the query itself failed: it says nothing about the order",
        "查询本身失败：不能说明订单的任何情况",
    )
}

/// What deserves a look.
pub fn finding(lang: Lang, finding: Finding) -> &'static str {
    let chinese = match finding {
        Finding::ExpiresSoon => "证书将在 30 天内到期：请及时下载新证书",
        Finding::NotYetValid => "证书尚未生效，或本机时钟不准",
        Finding::UnusualName => "证书名称不是商户号：这是微信支付的证书吗？",
        Finding::UnusualHost => "请求发往的不是微信支付主域名",
        Finding::UnusualAppid => "appid 看起来不对（应为 wx 加 16 个字符）",
    };
    lang.pick(finding.as_text(), chinese)
}

/// The names of the lines below a headline.
#[derive(Debug, Clone, Copy)]
pub enum Label {
    Order,
    Amount,
    Recipient,
    Listid,
    Reason,
    Next,
    NotBefore,
    Concerns,
    SentAt,
    RefundedAt,
    ClaimedBy,
    Merchant,
    Certificate,
    Serial,
    Valid,
    Gateway,
    LookAt,
    Backup,
    Control,
    Files,
    Try,
    Stop,
    Connect,
    State,
    Intent,
    Calls,
    LookAgain,
}

pub fn label(lang: Lang, label: Label) -> &'static str {
    let (english, chinese) = match label {
        Label::Order => ("order", "订单号"),
        Label::Amount => ("amount", "金额"),
        Label::Recipient => ("recipient", "收款人"),
        Label::Listid => ("send_listid", "微信单号"),
        Label::Reason => ("reason", "原因"),
        Label::Next => ("next", "下一步"),
        Label::NotBefore => ("not before", "最早时间"),
        Label::Concerns => ("concerns", "影响"),
        Label::SentAt => ("sent at", "发放时间"),
        Label::RefundedAt => ("refunded at", "退款时间"),
        Label::ClaimedBy => ("claimed by", "领取人"),
        Label::Merchant => ("merchant", "商户号"),
        Label::Certificate => ("certificate", "证书"),
        Label::Serial => ("serial", "序列号"),
        Label::Valid => ("valid", "有效期"),
        Label::Gateway => ("gateway", "网关"),
        Label::LookAt => ("look at", "请留意"),
        Label::Backup => ("backup host", "备用网关"),
        Label::Control => ("control", "控制端口"),
        Label::Files => ("files", "文件"),
        Label::Try => ("try", "试一试"),
        Label::Stop => ("stop", "停止"),
        Label::Connect => ("connect", "连接"),
        Label::State => ("state", "状态"),
        Label::Intent => ("intent", "业务键"),
        Label::Calls => ("calls", "调用"),
        Label::LookAgain => ("look again", "再次查看"),
    };
    lang.pick(english, chinese)
}
