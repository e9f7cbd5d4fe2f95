//! What the gateway does to its clients, changed from time to time: faults and policies, by chance.

use redpack_sandbox::policy::{AnswerSign, Hasty, NotFound, Repeat, SuccessCode};
use redpack_sandbox::{Policy, Sandbox};
use serde_json::json;

use crate::chance::Chance;

/// Faults beside `any`: refusals, after which an order may be closed, and answers that never come.
const MORE: [&str; 12] = [
    "SEND_FAILED",
    "OPENID_ERROR",
    "OPENID_ERROR",
    "PARAM_ERROR",
    "PARAM_ERROR",
    "XML_ERROR",
    "MONEY_LIMIT",
    "hang-before",
    "hang-after",
    "drip",
    "SYSTEMERROR-after",
    "late-landing",
];

/// Changes faults and policy.
pub fn change(sandbox: &Sandbox, chance: &mut Chance) -> Result<(), String> {
    sandbox.clear_faults();
    let likely = |chance: &mut Chance, most: u64| {
        f64::from(u32::try_from(chance.below(most)).unwrap_or_default()) / 1000.0
    };
    let (send, more, query) = (likely(chance, 600), likely(chance, 600), likely(chance, 400));
    let connection = likely(chance, 150);
    let (delay, late) = (chance.below(1_500), 60 + chance.below(3_000));
    let seed = chance.below(u64::MAX);
    let faults = ["drop", "reset", "hang", "garbage", "refuse-certificate"];
    let rules = json!({"rules": [
        {"faults": MORE, "probability": more, "seed": seed, "delay_ms": delay, "after_seconds": late},
        {"fault": "any", "probability": send, "seed": seed, "delay_ms": delay, "after_seconds": late},
        {"fault": "any", "on": "query", "probability": query, "seed": seed, "delay_ms": delay},
        {"faults": faults, "on": "connection", "probability": connection, "seed": seed, "delay_ms": 600},
    ]});
    sandbox.add_faults(&rules).map_err(|error| error.to_string())?;
    sandbox.set_policy(policy(chance));
    Ok(())
}

/// Any policy under which a client can be safe. Left alone are `backup_pays_unseen` and `remember_seconds`:
/// where one number is paid twice by the service itself, no client that ever repeats a request is safe.
fn policy(chance: &mut Chance) -> Policy {
    let repeats = [Repeat::Success, Repeat::SendFailed, Repeat::FatalError, Repeat::UnknownCode];
    let hasty = [Hasty::Answered, Hasty::RefusedBySendredpack, Hasty::Refused];
    Policy {
        repeat_after_success: chance.pick(&repeats).unwrap_or(Repeat::Success),
        limit_failures_land: chance.permille(500),
        freq_limit_lands: chance.permille(500),
        refusals_land: chance.permille(500),
        close_after_seconds: chance.pick(&[86_400, 259_200]).unwrap_or(259_200),
        backup_lag_seconds: chance.pick(&[0, 30, 900]).unwrap_or(0),
        hasty: chance.pick(&hasty).unwrap_or(Hasty::Answered),
        sends_per_second: chance.pick(&[None, None, Some(20)]).unwrap_or(None),
        not_found: chance.pick(&[NotFound::NotFound, NotFound::OldForm]).unwrap_or(NotFound::NotFound),
        success_code: chance
            .pick(&[SuccessCode::Success, SuccessCode::Zero, SuccessCode::Absent])
            .unwrap_or(SuccessCode::Success),
        answer_sign: chance
            .pick(&[AnswerSign::Workwx, AnswerSign::Always, AnswerSign::Never])
            .unwrap_or(AnswerSign::Workwx),
        failure_echo: chance.permille(500),
        ..Policy::default()
    }
}

/// No faults, and the usual policy.
pub fn clear(sandbox: &Sandbox) {
    sandbox.clear_faults();
    sandbox.set_policy(Policy::default());
}
