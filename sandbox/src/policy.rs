//! The policy switches: what the gateway does where nobody outside of WeChat knows what the real service
//! does. `sandbox/README.md` says of each what is known.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Declares an enum of a policy's values, in JSON by their names in small letters.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$choice_doc:meta])* $choice:ident,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$choice_doc])* $choice,)+ }
    )+ };
}

choices! {
    /// What a repeat of a paid order is answered. Nothing is ever debited again.
    Repeat {
        /// The first answer again.
        Success,
        /// SEND_FAILED, as support said in 2019 ("one number pays once").
        SendFailed,
        /// FATAL_ERROR, as if the order had changed.
        FatalError,
        /// A code that stands in no table, with "already claimed" as its text.
        UnknownCode,
    }
    /// When `scene_id` must, may or must not be there.
    Scene {
        /// Needed outside of 1 to 200 yuan, allowed inside.
        Official,
        /// Merchants of the merged product (商家红包): any `scene_id` is a PARAM_ERROR.
        Merged,
    }
    /// How the printed lengths are meant. They are bytes in any case.
    Lengths {
        /// The printed number still passes.
        Printed,
        /// "Less than", as the error's text says: one byte fewer.
        LessThanPrinted,
    }
    /// Whether the service knows a field. One that it doesn't know and that was signed breaks the signature.
    Known {
        /// It does.
        Known,
        /// It doesn't.
        Unknown,
    }
    /// Whether a field must be there.
    Need {
        /// It may be left out.
        Optional,
        /// It must be there.
        Required,
    }
    /// Whether the merchant may call at all; if not, every call is answered NO_AUTH.
    Caller {
        /// It may.
        Allowed,
        /// The machine's address is not in the merchant's allow-list.
        IpNotAllowed,
        /// The merchant has no permission for the product.
        NoPermission,
    }
    /// Which answers carry a `sign`.
    AnswerSign {
        /// The successes of the two WeCom endpoints.
        Workwx,
        /// Every success.
        Always,
        /// None.
        Never,
    }
    /// What an expired certificate of the merchant's is answered.
    Expired {
        /// XML with CA_ERROR.
        CaError,
        /// HTTP 400 with a page of the web server's.
        Html,
    }
    /// Which description of the WeCom endpoints holds.
    WorkwxFields {
        /// WeCom's own pages.
        Workwx,
        /// The community's OpenAPI files: `total_num`, `client_ip` and `sender_name` must be there, and the
        /// answer to a query has `hb_type` and `total_num`.
        Openapi,
    }
    /// What `paySign` of `wx.sendBizRedPacket` is computed over.
    PaySign {
        /// appId, timeStamp, nonceStr and the raw `package`.
        Raw,
        /// The same with `package` as it is handed over, URL-encoded, and without appId.
        EncodedWithoutAppid,
        /// Either of them.
        Any,
    }
    /// Which signatures of requests are accepted.
    Signature {
        /// MD5.
        Md5,
        /// MD5 or HMAC-SHA256.
        Md5OrHmac,
    }
    /// What a wrong signature is answered.
    BadSignature {
        /// `return_code` SUCCESS, `result_code` FAIL, `err_code` SIGN_ERROR.
        ResultCode,
        /// `return_code` FAIL and 签名失败, nothing else.
        ReturnCode,
    }
    /// Which clock the times in answers show.
    Zone {
        /// Beijing's.
        Beijing,
        /// UTC.
        Utc,
    }
    /// The colons in the times of WeCom answers.
    Colons {
        /// `:`.
        Ascii,
        /// `：`, as an old page prints them.
        FullWidth,
    }
    /// Which versions of TLS the gateway speaks. (Older ones it can't.)
    TlsVersions {
        /// 1.2 and 1.3.
        Both,
        /// 1.2 only.
        Tls12,
        /// 1.3 only.
        Tls13,
    }
    /// What becomes of an attempt less than a second after the one before.
    Hasty {
        /// It is answered like any other, and counted.
        Answered,
        /// FREQ_LIMIT from `sendredpack`, which is where the second is printed.
        RefusedBySendredpack,
        /// FREQ_LIMIT from every endpoint that sends.
        Refused,
    }
    /// How a query says that there is no such order.
    NotFound {
        /// NOT_FOUND.
        NotFound,
        /// `return_code` FAIL with SYSTEMERROR and 指定单号数据不存在, as in old documents.
        OldForm,
    }
    /// What `err_code` says in a success.
    SuccessCode {
        /// `SUCCESS`, as real answers do.
        Success,
        /// `0`, as the page's own sample does.
        Zero,
        /// There is none.
        Absent,
    }
}

/// Every switch. The defaults are what most witnesses say, or the more dangerous half where they are even.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "sandbox/README.md has a row for each, and a test compares")]
#[allow(clippy::struct_excessive_bools, reason = "switches that are on or off, each by itself")]
pub struct Policy {
    pub repeat_after_success: Repeat,
    pub limit_failures_land: bool,
    pub freq_limit_lands: bool,
    pub refusals_land: bool,
    pub close_after_seconds: u64,
    pub remember_seconds: Option<u64>,
    pub query_window_seconds: u64,
    pub refund_after_seconds: u64,
    pub refunding_seconds: u64,
    pub backup_lag_seconds: u64,
    pub backup_pays_unseen: bool,
    pub hasty: Hasty,
    pub sends_per_second: Option<u64>,
    pub recipient_packets_per_day: Option<u64>,
    pub recipient_fen_per_day: Option<u64>,
    pub merchant_fen_per_day: Option<u64>,
    pub caller: Caller,
    pub scene_id: Scene,
    pub lengths: Lengths,
    pub consume_mch_id: Known,
    pub msgappid: Need,
    pub workwx_fields: WorkwxFields,
    pub signature: Signature,
    pub bad_signature: BadSignature,
    pub answer_sign: AnswerSign,
    pub expired_certificate: Expired,
    pub tls_versions: TlsVersions,
    pub not_found: NotFound,
    pub success_code: SuccessCode,
    pub failure_echo: bool,
    pub mini_program_hb_type: String,
    pub time_zone: Zone,
    pub workwx_colons: Colons,
    pub pay_sign: PaySign,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            repeat_after_success: Repeat::Success,
            limit_failures_land: true,
            freq_limit_lands: false,
            refusals_land: false,
            close_after_seconds: 3 * 86_400,
            remember_seconds: None,
            query_window_seconds: 30 * 86_400,
            refund_after_seconds: 86_400,
            refunding_seconds: 600,
            backup_lag_seconds: 0,
            backup_pays_unseen: false,
            hasty: Hasty::Answered,
            sends_per_second: None,
            recipient_packets_per_day: None,
            recipient_fen_per_day: None,
            merchant_fen_per_day: None,
            caller: Caller::Allowed,
            scene_id: Scene::Official,
            lengths: Lengths::Printed,
            consume_mch_id: Known::Known,
            msgappid: Need::Optional,
            workwx_fields: WorkwxFields::Workwx,
            signature: Signature::Md5,
            bad_signature: BadSignature::ResultCode,
            answer_sign: AnswerSign::Workwx,
            expired_certificate: Expired::CaError,
            tls_versions: TlsVersions::Both,
            not_found: NotFound::NotFound,
            success_code: SuccessCode::Success,
            failure_echo: true,
            mini_program_hb_type: "NORMAL".into(),
            time_zone: Zone::Beijing,
            workwx_colons: Colons::Ascii,
            pay_sign: PaySign::Raw,
        }
    }
}

impl Policy {
    /// The same policy with some switches set anew: all of them, or none and the reason.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, String> {
        let mut policy = self.clone();
        for (name, value) in changes {
            // One at a time, so that the error can name the switch.
            let Ok(Value::Object(mut all)) = serde_json::to_value(&policy) else {
                return Err("the policy can't be written as JSON".into());
            };
            let Some(former) = all.get_mut(name) else {
                return Err(format!("no policy is called {name:?}: GET /policy shows them all"));
            };
            *former = value.clone();
            policy =
                serde_json::from_value(Value::Object(all)).map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(changes: &Value) -> Result<Policy, String> {
        Policy::default().with(changes.as_object().expect("an object"))
    }

    #[test]
    fn switches_are_set_by_name_all_or_none() {
        let changed = with(&json!({"repeat_after_success": "send_failed", "remember_seconds": 60}));
        let changed = changed.expect("changed");
        assert_eq!((changed.repeat_after_success, changed.remember_seconds), (Repeat::SendFailed, Some(60)));
        assert_eq!(changed.with(json!({"remember_seconds": null}).as_object().expect("an object")), {
            Ok(Policy { remember_seconds: None, ..changed })
        });
        assert_eq!(with(&json!({})), Ok(Policy::default()));
    }

    #[test]
    fn a_wrong_switch_is_named() {
        for (changes, name) in [
            (json!({"lengths": "strict"}), "lengths: unknown variant `strict`, expected `printed`"),
            (json!({"close_after_seconds": -1}), "close_after_seconds: "),
            (json!({"limit_failures_land": null}), "limit_failures_land: "),
            (json!({"scene": "merged"}), "no policy is called \"scene\""),
        ] {
            let error = with(&changes).expect_err("refused");
            assert!(error.starts_with(name), "{error}");
        }
    }
}
