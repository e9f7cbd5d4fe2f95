//! The typed requests: one type per endpoint, one method per field, named as on the wire.

use super::Request;
use super::table::{GETHBINFO, QUERYWORKWXREDPACK, SENDMINIPROGRAMHB, SENDREDPACK, SENDWORKWXREDPACK};
use crate::fen::Fen;

/// Declares a typed request: how it is made, and a setter for each field that may be given.
macro_rules! typed_request {
    (
        $(#[$doc:meta])*
        $name:ident => $endpoint:ident,
        new($($required:ident: $type:ty),*),
        { $($(#[$field_doc:meta])* $field:ident,)* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub(crate) Request);

        impl $name {
            /// A request with the fields that identify it; the others are set one by one.
            pub fn new($($required: $type),*) -> Self {
                let mut request = Request::new(&$endpoint);
                $(request.put(stringify!($required), $required.to_string());)*
                Self(request)
            }

            $(
                $(#[$field_doc])*
                pub fn $field(mut self, value: impl Into<String>) -> Self {
                    self.0.put(stringify!($field), value.into());
                    self
                }
            )*

            /// The caller's own name of the payment: see [`Request::set_intent`].
            pub fn intent(mut self, intent: impl Into<String>) -> Self {
                self.0.set_intent(intent);
                self
            }

            /// The request behind the types.
            pub fn as_request(&self) -> &Request {
                &self.0
            }
        }

        impl From<$name> for Request {
            fn from(typed: $name) -> Request {
                typed.0
            }
        }

        #[cfg(test)]
        impl $name {
            /// Calls every setter, so that a name missing from the table is found.
            fn all_fields() -> Self {
                Self::new($(typed_request!(@sample $required)),*) $(.$field("x"))*
            }
        }
    };
    (@sample total_amount) => { Fen(1) };
    (@sample $other:ident) => { "x" };
}

typed_request! {
    /// An ordinary red packet (普通红包) to one recipient: `sendredpack`.
    ///
    /// Lengths are bytes of UTF-8 (a Chinese character has three). Amounts are fen. `mch_id` and `wxappid`
    /// come from the client, `nonce_str` is derived from the order, so that every retry writes the same
    /// bytes.
    ///
    /// ```
    /// use redpack::{Fen, SendRedPack};
    /// let order = SendRedPack::new("19000001092611240000000001", "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100))
    ///     .send_name("天虹百货")
    ///     .act_name("猜灯谜抢红包活动")
    ///     .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
    ///     .remark("猜越多得越多，快来抢！");
    /// # let _ = order;
    /// ```
    SendRedPack => SENDREDPACK,
    new(mch_billno: &str, re_openid: &str, total_amount: Fen),
    {
        /// Sender's name that the user sees (商户名称), at most 32 bytes. Required.
        send_name,
        /// Blessing (祝福语), at most 128 bytes. Required.
        wishing,
        /// Name of the activity, at most 32 bytes. Required.
        act_name,
        /// Remark, at most 256 bytes. Required.
        remark,
        /// IPv4 address of the calling machine; 127.0.0.1 unless given.
        client_ip,
        /// `PRODUCT_1` to `PRODUCT_8`. The service wants it above 200 and below 1 yuan, and refuses any
        /// where the merchant's product has no scenes.
        scene_id,
        /// See [`crate::RiskInfo`]; at most 128 bytes, URL-encoded.
        risk_info,
        /// Service-provider mode: the sub-merchant's number.
        sub_mch_id,
        /// Service-provider mode: the appid through which the user is reached.
        msgappid,
        /// Service-provider mode: the merchant who pays (资金授权商户号).
        consume_mch_id,
        /// Must be 1, which it is unless given.
        total_num,
        /// Another appid of the same merchant than the client's, at most 32 bytes.
        wxappid,
        /// The merchant number, for callers that repeat it: it must be the client's.
        mch_id,
        /// A nonce of the caller's own, at most 32 bytes, instead of the derived one.
        nonce_str,
    }
}

typed_request! {
    /// A mini program red packet (小程序红包), which the user claims through `wx.sendBizRedPacket`:
    /// `sendminiprogramhb`. See [`crate::sign::BizRedPacket`] for the claim.
    SendMiniProgram => SENDMINIPROGRAMHB,
    new(mch_billno: &str, re_openid: &str, total_amount: Fen),
    {
        /// Sender's name that the user sees (商户名称), at most 32 bytes. Required.
        send_name,
        /// Blessing (祝福语), at most 128 bytes. Required.
        wishing,
        /// Name of the activity, at most 32 bytes. Required.
        act_name,
        /// Remark, at most 256 bytes. Required.
        remark,
        /// `PRODUCT_1` to `PRODUCT_8`; see [`SendRedPack::scene_id`].
        scene_id,
        /// Must be `MINI_PROGRAM_JSAPI`, which it is unless given.
        notify_way,
        /// Must be 1, which it is unless given.
        total_num,
        /// The mini program's appid, where it is not the client's.
        wxappid,
        /// The merchant number, for callers that repeat it: it must be the client's.
        mch_id,
        /// A nonce of the caller's own, at most 32 bytes, instead of the derived one.
        nonce_str,
    }
}

typed_request! {
    /// A WeCom red packet (企业红包): `sendworkwxredpack`. The client needs the WeCom secret.
    SendWorkwx => SENDWORKWXREDPACK,
    new(mch_billno: &str, re_openid: &str, total_amount: Fen),
    {
        /// In the name of a person, at most 128 bytes; excludes `agentid`.
        sender_name,
        /// In the name of an application: its number; excludes `sender_name`.
        agentid,
        /// Media id of the sender's picture, at most 128 bytes.
        sender_header_media_id,
        /// Blessing (祝福语), at most 128 bytes. Required.
        wishing,
        /// Name of the activity, at most 32 bytes. Required.
        act_name,
        /// Remark, at most 256 bytes. Required.
        remark,
        /// `PRODUCT_1` to `PRODUCT_8`; see [`SendRedPack::scene_id`].
        scene_id,
        /// The corpid, where it is not the client's appid.
        wxappid,
        /// The merchant number, for callers that repeat it: it must be the client's.
        mch_id,
        /// A nonce of the caller's own, at most 32 bytes, instead of the derived one.
        nonce_str,
    }
}

typed_request! {
    /// Asks what became of an order (查询红包记录), at most 30 days old: `gethbinfo`.
    Query => GETHBINFO,
    new(mch_billno: &str),
    {
        /// Another appid of the same merchant than the client's, at most 32 bytes.
        appid,
        /// A nonce of the caller's own, at most 32 bytes, instead of a random one.
        nonce_str,
    }
}

typed_request! {
    /// Asks what became of a WeCom order, at most 30 days old: `queryworkwxredpack`.
    QueryWorkwx => QUERYWORKWXREDPACK,
    new(mch_billno: &str),
    {
        /// Another corpid than the client's appid, at most 32 bytes.
        appid,
        /// A nonce of the caller's own, at most 32 bytes, instead of a random one.
        nonce_str,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::table::Source;

    /// What no caller has reason to give: computed, or constants of a query.
    const WITHOUT_SETTER: [(&str, &str); 5] = [
        ("sendworkwxredpack", "workwx_sign"),
        ("gethbinfo", "bill_type"),
        ("gethbinfo", "mch_id"),
        ("queryworkwxredpack", "mch_id"),
        ("sendworkwxredpack", "total_num"),
    ];

    #[test]
    fn every_setter_has_its_field_and_every_field_its_setter() {
        // `put` asserts that the setter's name stands in the table.
        let requests: [Request; 5] = [
            SendRedPack::all_fields().into(),
            SendMiniProgram::all_fields().into(),
            SendWorkwx::all_fields().into(),
            Query::all_fields().into(),
            QueryWorkwx::all_fields().into(),
        ];
        for request in requests {
            let endpoint = request.endpoint();
            for field in endpoint.fields {
                let expected = !WITHOUT_SETTER.contains(&(endpoint.name, field.name));
                assert_eq!(
                    request.get(field.name).is_some(),
                    expected,
                    "{} of {}",
                    field.name,
                    endpoint.name
                );
                assert!(expected || field.source != Source::Required);
            }
        }
    }
}
