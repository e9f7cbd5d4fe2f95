//! The faults that testers have asked for, by rule or by a recipient's marker, and which one strikes now.

mod chance;
mod kind;
mod marker;
mod rule;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use kind::{Effect, Fault, GARBAGE, Manner, On, REFUSE_CERTIFICATE};
pub(crate) use marker::Marker;
pub(crate) use rule::{Facts, Rule};

/// The most rules that are kept at once.
const MOST_RULES: usize = 1000;
/// When a late order lands, and PROCESSING ends, unless the rule says otherwise: minutes after any client
/// has given up, and the twenty minutes after which the service asks to be queried.
const LATE_SECONDS: u64 = 180;
const PROCESSING_SECONDS: u64 = 1200;
const DELAY_MS: u64 = 3_000;
const HANG_MS: u64 = 60_000;
const DRIP_MS: u64 = 200;

/// The rules, and how often each fault has struck.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Faults {
    rules: BTreeMap<u64, Rule>,
    next: u64,
    struck: BTreeMap<String, u64>,
}

/// A fault that strikes, with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strike {
    pub name: String,
    pub fault: Fault,
    pub delay_ms: u64,
    pub after_seconds: u64,
    pub field: String,
}

impl Strike {
    /// Whether the client gets to hear the service's answer, be it late or in an odd form.
    pub fn answers(&self) -> bool {
        matches!(
            self.fault.manner,
            None | Some(Manner::Delay | Manner::Drip | Manner::WrongEcho | Manner::OddForm)
        )
    }
}

impl Faults {
    /// Adds rules: all of them, or none and the reason. They are asked in the order of their numbers.
    pub fn add(&mut self, rules: Vec<Rule>) -> Result<Vec<u64>, String> {
        if self.rules.len() + rules.len() > MOST_RULES {
            return Err(format!("at most {MOST_RULES} rules"));
        }
        rules.iter().try_for_each(Rule::check)?;
        let added = rules.into_iter().map(|mut rule| {
            self.next += 1;
            rule.struck = 0;
            self.rules.insert(self.next, rule);
            self.next
        });
        Ok(added.collect())
    }

    /// Forgets all rules. What has struck stays counted.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    pub fn rules(&self) -> &BTreeMap<u64, Rule> {
        &self.rules
    }

    /// How often each fault has struck, by name.
    pub fn struck(&self) -> &BTreeMap<String, u64> {
        &self.struck
    }

    /// The fault that strikes there: the first rule's that wants to, else the marker's.
    pub fn strike(&mut self, facts: &Facts<'_>) -> Option<Strike> {
        let by_rule = self.rules.iter_mut().find_map(|(id, rule)| {
            let name = rule.strike(*id, facts)?;
            Some((name, rule.delay_ms, rule.after_seconds, rule.field.clone()))
        });
        let (name, delay_ms, after_seconds, field) = by_rule.or_else(|| {
            let marker = Marker::of(facts.re_openid)?.ok()?;
            marker.strikes(facts.on, facts.attempt).then_some((marker.name, None, None, None))
        })?;
        let fault = Fault::named(&name, facts.on).ok()?;
        let usual_delay = match fault.manner {
            Some(Manner::Hang) => HANG_MS,
            Some(Manner::Drip) => DRIP_MS,
            Some(Manner::Delay) => DELAY_MS,
            // A late order's client is left without an answer at once, unless the rule lets it wait.
            _ => 0,
        };
        let usual_seconds = if fault.effect == Effect::Late { LATE_SECONDS } else { PROCESSING_SECONDS };
        *self.struck.entry(name.clone()).or_default() += 1;
        Some(Strike {
            name,
            fault,
            delay_ms: delay_ms.unwrap_or(usual_delay),
            after_seconds: after_seconds.unwrap_or(usual_seconds),
            field: field.unwrap_or_else(|| "mch_billno".into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(rules: Value) -> Faults {
        let mut faults = Faults::default();
        faults.add(serde_json::from_value(rules).expect("rules")).expect("good rules");
        faults
    }

    fn facts<'a>(mch_billno: &'a str, re_openid: &'a str, attempt: u64) -> Facts<'a> {
        let (on, remark, endpoint) = (On::Send, "invoice 7", "sendredpack");
        Facts { on, mch_billno, re_openid, remark, endpoint, backup: false, attempt }
    }

    fn struck(faults: &mut Faults, facts: &Facts<'_>) -> Option<String> {
        faults.strike(facts).map(|strike| strike.name)
    }

    #[test]
    fn conditions_must_all_hold() {
        let drop = Some("drop".to_owned());
        for (condition, strikes) in [
            (json!({}), true),
            (json!({"mch_billno": "a", "remark": "invoice 7"}), true),
            (json!({"mch_billno": "a", "remark": "invoice 8"}), false),
            (json!({"mch_billno": "b"}), false),
            (json!({"re_openid": "o1", "endpoint": "sendredpack", "backup": false}), true),
            (json!({"backup": true}), false),
            (json!({"endpoint": "sendminiprogramhb"}), false),
            (json!({"on": "query"}), false),
            (json!({"first_attempts": 1}), true),
            (json!({"probability": 0.0}), false),
            (json!({"times": 0}), false),
        ] {
            let mut rule = condition.clone();
            rule["fault"] = "drop".into();
            let found = struck(&mut faults(json!([rule])), &facts("a", "o1", 1));
            assert_eq!(found.is_some(), strikes, "{condition}");
            assert!(found.is_none() || found == drop);
        }
        assert_eq!(
            struck(&mut faults(json!([{"fault": "drop", "first_attempts": 1}])), &facts("a", "o1", 2)),
            None
        );
    }

    #[test]
    fn rules_count_and_give_way_to_the_next() {
        let mut faults =
            faults(json!([{"fault": "drop", "skip": 1, "times": 1}, {"fault": "reset", "skip": 1}]));
        let names: Vec<_> = (1..=4).map(|attempt| struck(&mut faults, &facts("a", "o1", attempt))).collect();
        assert_eq!(names, [None, Some("drop".into()), Some("reset".into()), Some("reset".into())]);
        assert_eq!(faults.struck(), &BTreeMap::from([("drop".into(), 1), ("reset".into(), 2)]));
        faults.clear();
        assert_eq!(struck(&mut faults, &facts("a", "o1", 5)), None);
        assert_eq!(faults.struck().len(), 2);
    }

    #[test]
    fn markers_strike_where_no_rule_does() {
        let mut faults = faults(json!([{"fault": "reset", "times": 1}]));
        let openid = "f--NOTENOUGH--3";
        let names: Vec<_> =
            (1..=4).map(|attempt| struck(&mut faults, &facts("a", openid, attempt))).collect();
        let notenough = Some("NOTENOUGH".to_owned());
        assert_eq!(names, [Some("reset".into()), notenough.clone(), notenough, None]);
    }

    #[test]
    fn any_fault_by_chance_repeats_for_the_same_seed_in_any_order() {
        let rule = |seed: u64| json!([{"fault": "any", "probability": 0.5, "seed": seed}]);
        let numbers: Vec<String> = (0..200).map(|number| format!("n{number}")).collect();
        let run = |seed, backwards: bool| {
            let mut faults = faults(rule(seed));
            let mut found: Vec<_> = numbers.iter().collect();
            if backwards {
                found.reverse();
            }
            found.into_iter().map(|number| (number, struck(&mut faults, &facts(number, "o1", 1)))).collect()
        };
        let first: BTreeMap<_, _> = run(1, false);
        assert_eq!(first, run(1, true));
        assert_ne!(first, run(2, false));
        let kinds: std::collections::BTreeSet<_> = first.values().flatten().collect();
        assert!(kinds.len() > 15, "{kinds:?}");
    }

    #[test]
    fn nonsense_is_refused_and_named() {
        let add = |rules: Value| {
            Faults::default().add(serde_json::from_value(rules).map_err(|error| error.to_string())?)
        };
        for (rules, reason) in [
            (json!([{}]), "either fault or faults"),
            (json!([{"fault": "drop", "faults": ["drop"]}]), "either fault or faults"),
            (json!([{"fault": "dropp"}]), "no fault on a send is called \"dropp\""),
            (json!([{"fault": "drop", "probability": 1.5}]), "probability"),
            (json!([{"fault": "drop", "delay_ms": 600_001}]), "delay_ms"),
            (json!([{"fault": "wrong-echo", "field": "sign"}]), "field must be one of"),
            (json!([{"fault": "drop", "on": "connection", "mch_billno": "a"}]), "belongs to no order"),
            (json!([{"fault": "any", "on": "connection"}]), "no fault on a connection"),
            (json!([{"fault": "drop", "colour": "red"}]), "unknown field `colour`"),
            (json!([{"fault": "drop"}, {"fault": "dropp"}]), "dropp"),
        ] {
            let error = add(rules.clone()).expect_err("refused");
            assert!(error.contains(reason), "{rules}: {error}");
        }
    }
}
