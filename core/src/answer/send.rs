//! What the answer to a send means for the money.

use super::{Answer, ResultCodes, SendResult, error_with, open, result_of, service_text, table};
use crate::error::{Error, ErrorKind, Received};
use crate::request::WireRequest;
use crate::secret::Secret;

/// Judges the answer to a send. `Ok` means sent; everything else is an [`Error`] with outcome and advice.
///
/// A pure function: the same answer to the same request always gets the same verdict.
///
/// # Errors
/// Every answer but an unmistakable success of this very order.
pub fn read_send(request: &WireRequest, received: &Received, key: &Secret) -> Result<SendResult, Error> {
    let answer = judge(request, received, key, true).map_err(|error| error.without_key(key))?;
    Ok(SendResult::new(request, answer))
}

/// Judges the answer to a generic call by the rules of a send; an echo is compared where one comes.
///
/// # Errors
/// As [`read_send`].
pub fn read_call(request: &WireRequest, received: &Received, key: &Secret) -> Result<Answer, Error> {
    judge(request, received, key, false).map_err(|error| error.without_key(key))
}

fn judge(
    request: &WireRequest,
    received: &Received,
    key: &Secret,
    echo_required: bool,
) -> Result<Answer, Error> {
    let answer = open(request, received, key)?;
    let failed = |kind, message: String| error_with(kind, request, received, &answer, message);
    match result_of(&answer) {
        ResultCodes::Success => {
            let names = ["mch_billno", "mch_id", "total_amount", "re_openid"];
            if let Some(name) = answer.echo_mismatch(&request.expected, &names) {
                let message = format!("the answer says SUCCESS of another order: its {name} is not ours");
                return Err(failed(ErrorKind::EchoMismatch, message));
            }
            // Every documented success names its order. One that names none may be anybody's.
            if echo_required && answer.text("mch_billno").is_none() {
                let message = "the answer says SUCCESS but not of which order";
                return Err(failed(ErrorKind::EchoMismatch, message.into()));
            }
            if request.signed_answer && answer.text("sign").is_none() {
                let message = "the answer says SUCCESS without the signature that it must carry";
                return Err(failed(ErrorKind::BadSignature, message.into()));
            }
            Ok(answer)
        }
        // A failure of another order says nothing of ours.
        ResultCodes::Refused | ResultCodes::NoCommunication
            if answer.echo_mismatch(&request.expected, &["mch_billno", "mch_id"]).is_some() =>
        {
            Err(failed(
                ErrorKind::EchoMismatch,
                format!("the answer is about another order: {}", service_text(&answer)),
            ))
        }
        ResultCodes::Refused => {
            let verdict = table::code_verdict(answer.text("err_code"));
            Err(failed(ErrorKind::Answer, service_text(&answer)).judged(verdict))
        }
        ResultCodes::NoCommunication => {
            let verdict = table::communication_verdict(answer.text("err_code"));
            Err(failed(ErrorKind::Answer, service_text(&answer)).judged(verdict))
        }
        ResultCodes::NotUnderstood(why) => Err(failed(ErrorKind::Malformed, why.into())),
    }
}
