//! What happened, for readers of Chinese: the core's own messages are English.

use redpack::ErrorKind;

use super::Lang;

/// The core's message with the meaning of its kind before it, in Chinese; the message alone in English, and
/// where it is the service's own words.
pub fn explained(lang: Lang, kind: Option<ErrorKind>, message: &str) -> String {
    match (lang, kind.and_then(chinese)) {
        (Lang::Zh, Some(meaning)) => format!("{meaning}（{message}）"),
        _ => message.to_owned(),
    }
}

fn chinese(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::InvalidRequest => "字段不符合要求",
        ErrorKind::Configuration => "设置不可用",
        ErrorKind::Credentials => "证书、私钥、口令或 API 密钥不可用",
        ErrorKind::ServerCertificate => "服务器证书不受信任、已过期或域名不符",
        ErrorKind::Resolve => "域名无法解析",
        ErrorKind::Connect => "无法建立 TCP 连接",
        ErrorKind::Handshake => "TLS 握手失败或超时",
        ErrorKind::NotStarted => "调用未曾开始",
        ErrorKind::OrderConflict => "账本中已有此订单，但收款人、金额等字段不同",
        ErrorKind::Journal => "账本不可用，未发送任何内容",
        ErrorKind::LeaseExpired => "租约在首字节发出之前已到期",
        ErrorKind::HeldBack => "本地限额或队列暂停，暂不发送",
        ErrorKind::JournalSuspected => "账本可能是旧副本，须由人核实后才能开始新付款",
        ErrorKind::NotPermitted => "订单当前状态不允许发送",
        ErrorKind::JournalUnwritten => "请求已发出，但结果未能写入账本",
        ErrorKind::ClientCertificateRefused | ErrorKind::ClientCertificateDoubted => "服务器拒绝了商户证书",
        ErrorKind::Timeout => "请求发出后超时",
        ErrorKind::Disconnected => "请求发出后连接中断",
        ErrorKind::Protocol => "服务器的应答不是可识别的 HTTP",
        ErrorKind::HttpStatus => "HTTP 状态码不是 200",
        ErrorKind::Redirect => "服务器要求重定向，不予跟随",
        ErrorKind::TooLarge => "应答过大",
        ErrorKind::Malformed => "应答无法解析",
        ErrorKind::BadSignature => "应答签名错误或缺失",
        ErrorKind::EchoMismatch => "应答说的是另一个订单",
        ErrorKind::Aborted => "调用方在请求途中放弃",
        ErrorKind::Panic => "程序内部缺陷",
        ErrorKind::Answer => return None,
    })
}
