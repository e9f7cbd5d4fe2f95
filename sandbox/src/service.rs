//! One request, from its body to its answer: the checks in the order in which the service makes them.
//!
//! The order: XML, certificate, merchant number, signature, WeCom signature, permission, fields, appid,
//! recipient, amount, and at last the order itself. It is a choice where the facts don't settle it; what
//! they do settle is that a decimal amount fails at the signature, so that comes before the fields.

use std::sync::{Arc, Mutex, PoisonError};

use redpack::billno::is_mch_billno;
use redpack::table::{ENDPOINTS, Endpoint, Field, Purpose};
use redpack::{Secret, xml};

use crate::answer::{Answer, Refusal};
use crate::book::{Context, Counted};
use crate::checks;
use crate::faults::{Facts, Manner, On, Strike};
use crate::fields::Fields;
use crate::policy::{AnswerSign, BadSignature, Caller, Policy};
use crate::tls::ClientCertificate;
use crate::world::{Held, World};
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
    world: Mutex<World>,
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

    fn asks(self) -> bool {
        matches!(self, Self::Endpoint(endpoint) if endpoint.purpose == Purpose::Query)
    }
}

/// What goes back to the client: an answer, and what becomes of it on the wire.
pub(crate) struct Reply {
    pub xml: String,
    pub strike: Option<Strike>,
}

/// A request on its way through the checks.
struct Visit<'a> {
    client: &'a ClientCertificate,
    fields: &'a Fields<'a>,
    context: Context<'a>,
    counted: Counted,
}

impl Service {
    pub fn new(merchant: Merchant, world: World) -> Self {
        Self { merchant, world: Mutex::new(world) }
    }

    /// Everything that the gateway knows. Every change in it is complete before anything could panic, so a
    /// poisoned lock is no reason to give up.
    pub fn world(&self) -> Held<'_> {
        Held::new(self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The answer to a whole request.
    pub fn answer(&self, route: Route, client: &ClientCertificate, backup: bool, body: &[u8]) -> Reply {
        let root = xml::read(body);
        let fields = root.as_ref().map(Fields::new);
        let number = fields.as_ref().map_or("", |fields| fields.text("mch_billno"));
        let number = Some(number).filter(|number| is_mch_billno(number));
        let (policy, now, counted) = {
            let mut world = self.world();
            let now = world.catch_up();
            let counted = if route.asks() {
                world.book.count_query(number)
            } else {
                world.book.count_send(number, now)
            };
            (Arc::clone(&world.policy), now, counted)
        };
        let context = Context { policy: &policy, now, backup };
        let (result, echo, strike) = match &fields {
            Err(_) => (Err(malformed()), Vec::new(), None),
            Ok(fields) => {
                let (result, strike) = self.visit(route, &Visit { client, fields, context, counted });
                (result, fields.echo(), strike)
            }
        };
        let answer = result.unwrap_or_else(|refusal| {
            if strike.as_ref().is_none_or(Strike::answers) {
                self.world().book.count_refusal(&refusal.code);
            }
            // A real SYSTEMERROR says nothing of the order (protocol facts, section 3.1).
            let silent = !policy.failure_echo || refusal.code == "SYSTEMERROR" && !refusal.communication;
            Answer::failure(&refusal, if silent { Vec::new() } else { echo })
        });
        let odd = strike.as_ref().is_some_and(|strike| strike.fault.manner == Some(Manner::OddForm));
        Reply { xml: if odd { answer.odd_xml() } else { answer.xml() }, strike }
    }

    fn visit(&self, route: Route, visit: &Visit<'_>) -> (Result<Answer, Refusal>, Option<Strike>) {
        if let Err(refusal) = certificate(visit.client, visit.fields.text("mch_id")) {
            return (Err(refusal), None);
        }
        let Route::Endpoint(endpoint) = route else {
            let text = "裂变红包接口已于2024年6月5日下线，请使用普通红包接口";
            return (Err(Refusal::new("API_METHOD_CLOSED", text)), None);
        };
        let known = checks::known_fields(endpoint, visit.context.policy);
        if let Err(refusal) = self.admit(endpoint, &known, visit) {
            return (Err(refusal), None);
        }
        if let Err(refusal) = self.check(endpoint, &known, visit) {
            let refusal = match endpoint.purpose {
                Purpose::Send if is_mch_billno(visit.fields.text("mch_billno")) => {
                    let order = send::order(endpoint, visit.fields, visit.context.now);
                    self.world().book.refuse(order, refusal, visit.context)
                }
                _ => refusal,
            };
            return (Err(refusal), None);
        }
        let (result, strike) = match endpoint.purpose {
            Purpose::Send => self.send(endpoint, visit),
            Purpose::Query => self.query(endpoint, visit),
        };
        let result = result.map(|mut answer| {
            if let Some(strike) = strike.as_ref().filter(|s| s.fault.manner == Some(Manner::WrongEcho)) {
                answer.change(&strike.field, another);
            }
            self.sign(endpoint, answer, visit.context.policy)
        });
        (result, strike)
    }

    /// Who is calling, and whether they may.
    fn admit(&self, endpoint: &Endpoint, known: &[Field], visit: &Visit<'_>) -> Result<(), Refusal> {
        let Visit { fields, context, .. } = visit;
        if fields.is_nested(known) {
            return Err(malformed());
        }
        let Merchant { mch_id, api_key, workwx_secret, .. } = &self.merchant;
        if fields.text("mch_id") != mch_id {
            return Err(Refusal::parameter("商户号和wxappid不匹配"));
        }
        if !fields.is_signed(known, api_key, context.policy.signature) {
            return Err(match context.policy.bad_signature {
                BadSignature::ResultCode => Refusal::new("SIGN_ERROR", "签名错误"),
                BadSignature::ReturnCode => Refusal::communication("", "签名失败"),
            });
        }
        if endpoint.position("workwx_sign").is_some() && !fields.is_workwx_signed(known, workwx_secret) {
            return Err(Refusal::new("SIGN_ERROR", "签名错误，请检查workwx_sign"));
        }
        match context.policy.caller {
            Caller::Allowed => Ok(()),
            Caller::IpNotAllowed => {
                Err(Refusal::new("NO_AUTH", "此IP地址不允许调用接口，请登录商户平台设置"))
            }
            Caller::NoPermission => Err(Refusal::new("NO_AUTH", "商户号未开通该产品权限")),
        }
    }

    /// What is wrong with the fields, if anything is.
    fn check(&self, endpoint: &'static Endpoint, known: &[Field], visit: &Visit<'_>) -> Result<(), Refusal> {
        let Visit { fields, context, .. } = visit;
        checks::fields(known, fields, context.policy)?;
        checks::appid(endpoint, fields, &self.merchant.appid)?;
        if endpoint.purpose == Purpose::Send {
            checks::openid(fields)?;
            checks::amount(fields)?;
        }
        Ok(())
    }

    fn send(
        &self,
        endpoint: &'static Endpoint,
        visit: &Visit<'_>,
    ) -> (Result<Answer, Refusal>, Option<Strike>) {
        let Visit { fields, context, counted, .. } = *visit;
        let order = send::order(endpoint, fields, context.now);
        let facts = Facts {
            on: On::Send,
            mch_billno: fields.text("mch_billno"),
            re_openid: fields.text("re_openid"),
            remark: fields.text("remark"),
            endpoint: endpoint.name,
            backup: context.backup,
            attempt: counted.attempt,
        };
        let mut world = self.world();
        let World { book, faults, .. } = &mut *world;
        let strike = faults.strike(&facts);
        let result = send::take(book, order, context, counted, strike.as_ref());
        drop(world);
        (result.map(|order| send::answer(endpoint, &order, &self.merchant, context.policy)), strike)
    }

    fn query(
        &self,
        endpoint: &'static Endpoint,
        visit: &Visit<'_>,
    ) -> (Result<Answer, Refusal>, Option<Strike>) {
        let Visit { fields, context, counted, .. } = *visit;
        let mch_billno = fields.text("mch_billno");
        let mut world = self.world();
        let World { book, faults, .. } = &mut *world;
        let facts = Facts {
            on: On::Query,
            mch_billno,
            re_openid: book.known(mch_billno).map_or("", |order| &order.re_openid),
            remark: book.known(mch_billno).map_or("", |order| &order.remark),
            endpoint: endpoint.name,
            backup: context.backup,
            attempt: counted.attempt,
        };
        let strike = faults.strike(&facts);
        let result = match strike.as_ref().and_then(|strike| strike.fault.code.as_deref()) {
            Some(code) => Err(send::refusal_of(code)),
            None => query::answer(endpoint, mch_billno, book, context, &self.merchant),
        };
        (result, strike)
    }

    fn sign(&self, endpoint: &Endpoint, answer: Answer, policy: &Policy) -> Answer {
        match policy.answer_sign {
            AnswerSign::Always => answer.signed(&self.merchant.api_key),
            AnswerSign::Workwx if endpoint.signed_answer => answer.signed(&self.merchant.api_key),
            AnswerSign::Workwx | AnswerSign::Never => answer,
        }
    }
}

/// Another value of the same form.
fn another(value: &str) -> String {
    match value.parse::<u64>() {
        // Numbers of merchants and amounts.
        Ok(number) if value.len() <= 10 => (number + 1).to_string(),
        _ => {
            let last = if value.ends_with('0') { '1' } else { '0' };
            let kept = value.char_indices().next_back().map_or(0, |(at, _)| at);
            format!("{}{last}", &value[..kept])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_value_is_another_one() {
        for value in ["100", "1900000109", "oxTWIuGaIt6gTKsQRLau2M0yL160", "a", "19000001092611240000000001"]
        {
            assert_ne!(another(value), value);
            assert_eq!(another(value).len(), value.len(), "{value}");
        }
    }
}
