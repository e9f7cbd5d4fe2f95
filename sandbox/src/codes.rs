//! The texts that go with the service's codes, as far as they are known.

/// What the service says with that code.
pub(crate) fn text_of(code: &str) -> &'static str {
    match code {
        "SYSTEMERROR" => "系统错误，请稍后使用原单号重试，请勿更换单号",
        "PROCESSING" => "请求已受理，请稍后使用原单号查询发放结果",
        "NOT_FOUND" => "指定单号数据不存在",
        "SEND_FAILED" => "红包发放失败,请更换单号再重试",
        "FREQ_LIMIT" => "超过频率限制，请稍后再试",
        "NOTENOUGH" => "帐号余额不足，请到商户平台充值后再重试",
        "SENDNUM_LIMIT" => "该用户今日领取红包个数超过限制",
        "RCVDAMOUNT_LIMIT" => "该用户今日领取金额超过限制",
        "SENDAMOUNT_LIMIT" => "您的商户号今日发放金额超过限制",
        "NO_AUTH" => "发放失败，此请求可能存在风险，已被微信拦截",
        "MONEY_LIMIT" => "红包金额发放限制",
        "OPENID_ERROR" => "openid和wxappid不匹配，请检查openid",
        "FATAL_ERROR" => "更换了openid或金额，但商户单号未更新",
        "PARAM_ERROR" => "参数错误",
        "SIGN_ERROR" => "签名错误",
        "CA_ERROR" => "CA证书出错，请登录微信支付商户平台下载证书",
        "XML_ERROR" => "请求的xml格式错误，或者post的数据为空",
        "ILLEGAL_APPID" => "非法appid，请确认是否为公众号的appid，不能为APP的appid",
        "API_METHOD_CLOSED" => "你的商户号API发放方式已关闭，请联系管理员在商户平台开启",
        "MSGAPPID_ERROR" => "触达消息给用户appid有误",
        "ACCEPTMODE_ERROR" => "主、子商户号关系错误",
        _ if code.bytes().all(|byte| byte.is_ascii_digit()) => "系统繁忙,请稍后再试.",
        _ => "发放失败",
    }
}
