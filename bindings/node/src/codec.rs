//! The protocol layer alone: encode a request, post it by other means, have the answer judged.

use napi_derive::napi;
use redpack::answer::{read_call, read_query, read_send};
use redpack::{Merchant, Received, Secret, Timestamp, WireRequest};

use crate::client::guarded;
use crate::fields::{CallGiven, RequestGiven};
use crate::told::{Fault, json};

/// A merchant's keys, for encoding and judging. Only `lib/codec.js` uses it.
#[napi]
pub struct NativeCodec {
    merchant: Merchant,
}

/// A request as bytes. Only `lib/codec.js` uses it.
#[napi]
pub struct NativeWire {
    wire: WireRequest,
}

fn read<'a, T: serde::Deserialize<'a>>(text: &'a str) -> napi::Result<T> {
    serde_json::from_str(text).map_err(|error| napi::Error::from_reason(format!("not understood: {error}")))
}

fn told<T>(result: Result<T, Fault>) -> napi::Result<T> {
    result.map_err(|fault| fault.thrown())
}

#[napi]
impl NativeCodec {
    /// The keys are not checked here: whoever posts by other means answers for them.
    #[napi(constructor)]
    pub fn new(mch_id: String, appid: String, api_key: String, workwx_secret: Option<String>) -> Self {
        let workwx_secret = workwx_secret.map(Secret::new);
        Self { merchant: Merchant { mch_id, appid, api_key: Secret::new(api_key), workwx_secret } }
    }

    /// Encodes a request to one of the typed endpoints.
    #[napi]
    pub fn encode(&self, request: String) -> napi::Result<NativeWire> {
        guarded(|| {
            let given: RequestGiven = read(&request)?;
            let encoded = given.request().and_then(|request| Ok(request.encode(&self.merchant)?));
            Ok(NativeWire { wire: told(encoded)? })
        })
    }

    /// Encodes a generic call.
    #[napi]
    pub fn encode_call(&self, call: String) -> napi::Result<NativeWire> {
        guarded(|| {
            let given: CallGiven = read(&call)?;
            let encoded = given.call().and_then(|call| Ok(call.encode(&self.merchant)?));
            Ok(NativeWire { wire: told(encoded)? })
        })
    }

    /// Judges the answer to a send, a query or a call; the result as JSON.
    #[napi]
    pub fn judge(
        &self,
        what: String,
        wire: &NativeWire,
        http_status: u16,
        body: &[u8],
    ) -> napi::Result<String> {
        guarded(|| {
            let (wire, key) = (&wire.wire, &self.merchant.api_key);
            let received = Received { http_status, body: body.to_vec() };
            told(match what.as_str() {
                "send" => read_send(wire, &received, key).map(|result| json(&result)).map_err(Fault::from),
                "query" => read_query(wire, &received, key, Timestamp::now())
                    .map(|result| json(&result))
                    .map_err(Fault::from),
                "call" => read_call(wire, &received, key).map(|result| json(&result)).map_err(Fault::from),
                _ => Err(Fault::argument("what", "is none of send, query, call", what.len())),
            })
        })
    }
}

#[napi]
impl NativeWire {
    /// The path below the host.
    #[napi(getter)]
    pub fn path(&self) -> String {
        self.wire.path.to_string()
    }

    /// The XML document.
    #[napi(getter)]
    pub fn body(&self) -> String {
        self.wire.body.clone()
    }

    /// The nonce in it.
    #[napi(getter)]
    pub fn nonce_str(&self) -> String {
        self.wire.nonce_str.clone()
    }

    /// The order that it is about.
    #[napi(getter)]
    pub fn mch_billno(&self) -> Option<String> {
        self.wire.expected.mch_billno.clone()
    }
}
