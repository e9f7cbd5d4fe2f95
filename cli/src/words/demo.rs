//! What the demo says between its results.

use super::Lang;

/// A heading and a sentence of each step, and what is said around them.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    Intro,
    Gateway,
    Check,
    Send,
    Claim,
    Again,
    Lost,
    Found,
    Naive,
    Short,
    TopUp,
    Fields,
    Rejected,
    ForeignCertificate,
    UntrustedServer,
    Books,
    Rule,
    Failed,
}

impl Part {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Gateway => "gateway",
            Self::Check => "check",
            Self::Send => "send",
            Self::Claim => "claim_and_query",
            Self::Again => "send_again",
            Self::Lost => "answer_lost",
            Self::Found => "found_by_query",
            Self::Naive => "naive_retry",
            Self::Short => "balance_short",
            Self::TopUp => "topped_up",
            Self::Fields => "broken_fields",
            Self::Rejected => "rejected",
            Self::ForeignCertificate => "foreign_certificate",
            Self::UntrustedServer => "untrusted_server",
            Self::Books => "books",
            Self::Rule => "rule",
            Self::Failed => "failed",
        }
    }

    pub fn title(self, lang: Lang) -> &'static str {
        let (english, chinese) = match self {
            Self::Gateway => ("A gateway to play with", "启动模拟网关"),
            Self::Check => ("Are the credentials usable?", "检查证书与配置"),
            Self::Send => ("A red packet of one yuan", "发一个一元红包"),
            Self::Claim => ("The user opens it; we ask what became of it", "用户领取后，查询结果"),
            Self::Again => ("The same order once more", "同一订单再发一次"),
            Self::Lost => ("The answer is lost, after the money has moved", "款项已付出，应答却丢了"),
            Self::Found => ("Asked about: it was paid for", "查询得知：其实已付款"),
            Self::Naive => {
                ("What a retry under a new number would have cost", "若换新订单号重试，代价是什么")
            }
            Self::Short => ("The merchant's balance is short", "商户余额不足"),
            Self::TopUp => ("Topped up: the same order, the same fields", "充值后：同一订单、相同字段重发"),
            Self::Fields => ("An order with mistakes in it", "字段有误的订单"),
            Self::Rejected => ("An amount that the merchant may not send", "金额超出商户可发范围"),
            Self::ForeignCertificate => ("A client certificate from elsewhere", "使用别处签发的商户证书"),
            Self::UntrustedServer => ("A server that nobody vouches for", "服务器证书不受信任"),
            Self::Books => ("The gateway's books", "核对网关账本"),
            Self::Intro | Self::Rule | Self::Failed => ("", ""),
        };
        lang.pick(english, chinese)
    }

    pub fn text(self, lang: Lang) -> &'static str {
        let (english, chinese) = match self {
            Self::Intro => (
                "redpack demo: a rehearsal on this machine. No account, no network, no real money.",
                "redpack 演示：全部在本机进行，无需账号、无需联网、不动用真实资金。",
            ),
            Self::Gateway => (
                "It behaves like WeChat's, with certificates of its own making.",
                "行为与微信一致，证书由它自己签发。",
            ),
            Self::Check => ("Offline: nothing is sent.", "离线检查，不发送任何请求。"),
            Self::Send => (
                "The number is made and stored before anything is sent: the order is its number.",
                "先生成并保存订单号，再发送：订单号就是订单本身。",
            ),
            Self::Claim => (
                "Sent is not yet claimed: a packet that nobody opens goes back after 24 hours.",
                "发放成功不等于已领取：24 小时无人领取会退回商户。",
            ),
            Self::Again => (
                "One number is paid once. A new number here would have paid twice.",
                "同一订单号只付一次款。若此时换新号，就会付两次。",
            ),
            Self::Lost => (
                "The connection breaks before the answer comes: elsewhere a network error like any other.",
                "应答到达之前连接就断了：在别处，这只是又一个普通的网络错误。",
            ),
            Self::Found => (
                "Unknown is not failed: keep the number, ask, and only then decide.",
                "结果未知不等于失败：保留订单号，先查询，再决定。",
            ),
            Self::Naive => (
                "We do it here to show it: the same payment once more, as if the first had failed.",
                "这里特意演示一次：把结果未知当成失败，换新号再付一遍。",
            ),
            Self::Short => (
                "It looks like a failure and is none: WeChat keeps the order and may still pay it.",
                "看似失败，其实不是：微信会保留该订单，之后仍可能付款。",
            ),
            Self::TopUp => ("Paid now, and once.", "此时付款，且只付一次。"),
            Self::Fields => (
                "All mistakes are told together, and nothing leaves this machine.",
                "所有错误一次性列出，请求不会离开本机。",
            ),
            Self::Rejected => (
                "The service refuses it. Still the order's number is kept, and asked about first.",
                "微信拒绝了它。即便如此，也要保留订单号，先查询。",
            ),
            Self::ForeignCertificate => (
                "Every further call would fail alike: stop the queue instead of trying on.",
                "继续调用只会同样失败：应暂停队列，而不是反复重试。",
            ),
            Self::UntrustedServer => (
                "Most answers are unsigned, so TLS is their only proof: there is no switch to skip it.",
                "多数应答没有签名，TLS 是唯一的凭证：没有跳过校验的开关。",
            ),
            Self::Books => (
                "Three payments were meant. The fourth debit is the naive retry's.",
                "本应付款三笔。第四次扣款，就是那次换号重试多付的。",
            ),
            Self::Rule => (
                "The rule behind it all: no outcome by itself permits a new order. Only the advice new_order_allowed \
                 does.",
                "一条规则贯穿始终：任何结果本身都不允许换新单，只有建议 new_order_allowed 才可以。",
            ),
            Self::Failed => ("THIS STEP DID NOT GO AS IT SHOULD", "这一步与预期不符"),
        };
        lang.pick(english, chinese)
    }
}
