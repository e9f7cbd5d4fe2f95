//! One request, from its body to its answer: the checks in the order in which the service makes them.
//!
//! The order: XML, certificate, merchant number, signature, WeCom signature, fields, appid, recipient,
//! amount, and at last the order itself. It is a choice where the facts don't settle it; what they do
//! settle is that a decimal amount fails at the signature, so that comes before the fields.

use std::sync::{Mutex, MutexGuard, PoisonError};

use redpack::billno::is_mch_billno;
use redpack::table::{ENDPOINTS, Endpoint, Purpose};
use redpack::{Fen, Secret, xml};

use crate::answer::{Answer, Refusal};
use crate::book::Book;
use crate::checks;
use crate::fields::Fields;
use crate::tls::ClientCertificate;
use crate::{query, send};

/// The one merchant that the gateway knows.
pub(crate) struct Merchant {
    pub mch_id: String,
    pub appid: String,
    pub api_key: Secret,
    pub workwx_secret: Secret,
}

/// The service behind the gateway.
pub(crate) struct Service {
    pub merchant: Merchant,
    book: Mutex<Book>,
}

/// Where a path leads.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    Endpoint(&'static Endpoint),
    /// `sendgroupredpack`, which was retired on 2024-06-05.
    Retired,
}

impl Route {
    pub fn of(path: &str) -> Option<Self> {
        if path == "/mmpaymkttransfers/sendgroupredpack" {
            return Some(Self::Retired);
        }
        ENDPOINTS.into_iter().find(|endpoint| endpoint.path == path).map(Self::Endpoint)
    }
}

impl Service {
    pub fn new(merchant: Merchant, balance: Fen) -> Self {
        Self { merchant, book: Mutex::new(Book::new(balance)) }
    }

    /// The book. Every change in it is complete before anything could panic, so a poisoned lock is no
    /// reason to give up.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a whole request.
    pub fn answer(&self, route: Route, client: &ClientCertificate, body: &[u8]) -> String {
        let root = xml::read(body);
        let fields = root.as_ref().map(Fields::new);
        match route {
            Route::Endpoint(endpoint) if endpoint.purpose == Purpose::Query => self.book().count_query(),
            _ => {
                let number = fields.as_ref().map_or("", |fields| fields.text("mch_billno"));
                self.book().count_send(Some(number).filter(|number| is_mch_billno(number)));
            }
        }
        let (result, echo) = match &fields {
            Ok(fields) => (self.judge(route, client, fields), fields.echo()),
            Err(_) => (Err(malformed()), Vec::new()),
        };
        match result {
            Ok(answer) => answer.xml(),
            Err(refusal) => {
                self.book().count_refusal(refusal.code);
                Answer::failure(&refusal, echo).xml()
            }
        }
    }

    fn judge(
        &self,
        route: Route,
        client: &ClientCertificate,
        fields: &Fields<'_>,
    ) -> Result<Answer, Refusal> {
        certificate(client, fields.text("mch_id"))?;
        let Route::Endpoint(endpoint) = route else {
            let text = "裂变红包接口已于2024年6月5日下线，请使用普通红包接口";
            return Err(Refusal::new("API_METHOD_CLOSED", text));
        };
        if fields.is_nested(endpoint) {
            return Err(malformed());
        }
        let Merchant { mch_id, appid, api_key, workwx_secret } = &self.merchant;
        if fields.text("mch_id") != mch_id {
            return Err(Refusal::parameter("商户号和wxappid不匹配"));
        }
        if !fields.is_signed(endpoint, api_key) {
            return Err(Refusal::new("SIGN_ERROR", "签名错误"));
        }
        if endpoint.position("workwx_sign").is_some() && !fields.is_workwx_signed(endpoint, workwx_secret) {
            return Err(Refusal::new("SIGN_ERROR", "签名错误，请检查workwx_sign"));
        }
        checks::fields(endpoint, fields)?;
        checks::appid(endpoint, fields, appid)?;
        match endpoint.purpose {
            Purpose::Send => {
                checks::openid(fields)?;
                checks::amount(fields)?;
                let order = self.book().send(send::order(endpoint, fields))?;
                Ok(send::answer(endpoint, &order, &self.merchant))
            }
            Purpose::Query => {
                query::answer(endpoint, fields.text("mch_billno"), &self.book(), &self.merchant)
            }
        }
    }
}

fn malformed() -> Refusal {
    Refusal::new("XML_ERROR", "请求的xml格式错误，或者post的数据为空")
}

/// The certificate is the merchant's that the request names. A foreign one doesn't come as far as here.
fn certificate(client: &ClientCertificate, mch_id: &str) -> Result<(), Refusal> {
    let text = match client {
        ClientCertificate::Merchant(common_name) if common_name == mch_id => return Ok(()),
        ClientCertificate::Merchant(_) if mch_id.is_empty() => {
            return Err(Refusal::parameter("mch_id字段必填，并且少于32字符"));
        }
        ClientCertificate::Missing => "CA证书出错，请登录微信支付商户平台下载证书",
        ClientCertificate::Expired => "证书已过期",
        ClientCertificate::Merchant(_) | ClientCertificate::Foreign => "证书出错",
    };
    Err(Refusal::new("CA_ERROR", text))
}
