//! A rule: which fault strikes what, how often and how likely, as `POST /faults` takes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chance::Draw;
use super::kind::{ANY_ON_QUERY, ANY_ON_SEND, Fault, On};

/// What a request is, for rules to choose by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub on: On,
    pub mch_billno: &'a str,
    pub re_openid: &'a str,
    pub remark: &'a str,
    pub endpoint: &'a str,
    pub backup: bool,
    /// From 1: the how-manieth send (or query) of this order it is.
    pub attempt: u64,
}

/// One rule. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// A fault's name, or `any`: one of those that take no long time, by chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Or several names, one of which is chosen by chance; named twice is twice as likely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    #[serde(default = "Rule::on_send")]
    pub on: On,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mch_billno: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re_openid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Strikes on the backup host only (`true`) or on the primary only (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<bool>,
    /// Strikes the first so many attempts of each order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_attempts: Option<u64>,
    /// Lets so many matching requests pass first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u64,
    /// Strikes so many times and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Strikes in that part of all cases, by hash of seed, order and attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seed: u64,
    /// How long `delay` and `hang` take, and the time between two bytes of `drip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// When `late-landing` lands and `PROCESSING` ends, by the gateway's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_seconds: Option<u64>,
    /// Which field `wrong-echo` changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How often it has struck. Kept by the gateway.
    #[serde(default)]
    pub struck: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The fields whose value `wrong-echo` can change.
const ECHOES: [&str; 4] = ["mch_billno", "mch_id", "re_openid", "total_amount"];
/// The longest that a delay can be: ten minutes.
const MAX_DELAY_MS: u64 = 600_000;

impl Rule {
    fn on_send() -> On {
        On::Send
    }

    /// Reads one rule, or several under `rules`; the error says what is wrong with them.
    pub fn read_all(value: &Value) -> Result<Vec<Self>, String> {
        let several = value.get("rules").and_then(Value::as_array);
        let values = match several {
            Some(_) if value.as_object().is_some_and(|object| object.len() > 1) => {
                return Err("no rule: beside rules there can be nothing else".into());
            }
            Some(values) => values.as_slice(),
            None => std::slice::from_ref(value),
        };
        // serde would take a list for a rule too, its values in the order of the fields.
        if values.iter().any(|value| !value.is_object()) {
            return Err("no rule: each must be a JSON object".into());
        }
        let rules: Result<Vec<Self>, _> = values.iter().map(Self::deserialize).collect();
        rules.map_err(|error| format!("no rule: {error}"))
    }

    /// What is wrong with it, if anything is.
    pub fn check(&self) -> Result<(), String> {
        if self.fault.is_some() != self.faults.is_empty() {
            return Err("a rule needs either fault or faults".into());
        }
        for name in self.names() {
            Fault::named(name, self.on)?;
        }
        if self.on == On::Connection {
            let chosen = [&self.mch_billno, &self.re_openid, &self.remark, &self.endpoint];
            if chosen.iter().any(|condition| condition.is_some()) || self.first_attempts.is_some() {
                return Err(
                    "a connection belongs to no order yet: only backup, skip, times and probability \
                            can choose one"
                        .into(),
                );
            }
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err("probability must be between 0 and 1".into());
        }
        if self.delay_ms.is_some_and(|delay| delay > MAX_DELAY_MS) {
            return Err(format!("delay_ms must be at most {MAX_DELAY_MS}"));
        }
        if self.field.as_deref().is_some_and(|field| !ECHOES.contains(&field)) {
            return Err(format!("field must be one of {}", ECHOES.join(", ")));
        }
        Ok(())
    }

    /// The names that it chooses from.
    fn names(&self) -> Vec<&str> {
        match (self.fault.as_deref(), self.on) {
            (Some("any"), On::Send) => ANY_ON_SEND.to_vec(),
            (Some("any"), On::Query) => ANY_ON_QUERY.to_vec(),
            (Some(name), _) => vec![name],
            (None, _) => self.faults.iter().map(String::as_str).collect(),
        }
    }

    /// The name of the fault that strikes there, if one does. Counts.
    pub fn strike(&mut self, id: u64, facts: &Facts<'_>) -> Option<String> {
        let is = |condition: &Option<String>, value: &str| condition.as_ref().is_none_or(|c| c == value);
        let chosen = self.on == facts.on
            && is(&self.mch_billno, facts.mch_billno)
            && is(&self.re_openid, facts.re_openid)
            && is(&self.remark, facts.remark)
            && is(&self.endpoint, facts.endpoint)
            && self.backup.is_none_or(|backup| backup == facts.backup)
            && self.first_attempts.is_none_or(|first| facts.attempt <= first)
            && self.times.is_none_or(|times| self.struck < times);
        if !chosen {
            return None;
        }
        let draw = Draw::new(self.seed, id, facts.on.as_str(), facts.mch_billno, facts.attempt);
        if self.probability.is_some_and(|probability| !draw.happens(probability)) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        let names = self.names();
        let name = names.get(draw.one_of(names.len()))?;
        let name = (*name).to_owned();
        self.struck += 1;
        Some(name)
    }
}
