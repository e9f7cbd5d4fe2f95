//! The settings of the journal, of local limits and of the backup host.

use std::sync::Arc;

use redpack::journal::{Caps, Journal};
use redpack::{ClientBuilder, Failover, Fen};

use crate::layer::Layer;
use crate::settings::{MCH_ID, Settings, missing};
use crate::trouble::{Complaint, Trouble};

/// What was read of them.
pub struct Rules {
    backup_url: Option<String>,
    failover: Option<Failover>,
    caps: Caps,
    pace: Option<u32>,
}

impl Rules {
    pub fn apply(self, builder: ClientBuilder) -> ClientBuilder {
        let mut builder = builder.caps(self.caps);
        if let Some(url) = &self.backup_url {
            builder = builder.backup_url(url);
        }
        if let Some(failover) = self.failover {
            builder = builder.failover(failover);
        }
        if let Some(pace) = self.pace {
            builder = builder.pace(pace);
        }
        builder
    }
}

impl Settings {
    /// The journal's URL, if one is asked for. What is wrong with it is told without showing it: it may hold
    /// a password.
    pub(crate) fn journal_url(&mut self) -> Option<String> {
        let (url, name) = self
            .found(|layer| layer.journal.as_ref())
            .map(|(url, layer)| (url.clone(), layer.naming.of("journal")))?;
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            self.complain(Complaint::new(
                format!("the journal's URL in {name} must start with sqlite: or postgresql://"),
                format!("{name} 中的 journal 地址必须以 sqlite: 或 postgresql:// 开头"),
            ));
        }
        Some(url)
    }

    /// The journal and the merchant's number alone, for what calls nobody.
    pub fn journal(mut self) -> Result<(String, Arc<dyn Journal>), Trouble> {
        let url = self.journal_url();
        let mch_id = self.value(|layer| layer.mch_id.as_ref()).cloned();
        let absent = [(url.is_none(), JOURNAL), (mch_id.is_none(), MCH_ID)];
        let absent: Vec<&str> = absent.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        if !absent.is_empty() {
            self.complaints.insert(0, missing(&absent));
        }
        match (url, mch_id) {
            (Some(url), Some(mch_id)) if self.complaints.is_empty() => {
                Ok((mch_id, redpack::journal::open(&url)?))
            }
            _ => Err(Trouble::Settings(self.complaints)),
        }
    }

    /// For subcommands that are nothing without a journal.
    pub fn requiring_journal(mut self) -> Self {
        if self.value(|layer| layer.journal.as_ref()).is_none() {
            self.complain(missing(&[JOURNAL]));
        }
        self
    }

    pub(crate) fn journal_rules(&mut self) -> Rules {
        Rules {
            backup_url: self.value(|layer| layer.backup_url.as_ref()).cloned(),
            failover: self.failover(),
            caps: Caps {
                order: self.number("cap_order_fen", |layer| layer.cap_order_fen.as_ref()).map(Fen),
                recipient_day: self
                    .number("cap_recipient_day_fen", |layer| layer.cap_recipient_day_fen.as_ref())
                    .map(Fen),
                merchant_day: self
                    .number("cap_merchant_day_fen", |layer| layer.cap_merchant_day_fen.as_ref())
                    .map(Fen),
            },
            pace: self.pace(),
        }
    }

    fn failover(&mut self) -> Option<Failover> {
        let (word, layer) = self.found(|layer| layer.failover.as_ref())?;
        let mode = Failover::ALL.iter().copied().find(|mode| mode.as_str() == word);
        if mode.is_none() {
            let name = layer.naming.of("failover");
            self.complain(Complaint::new(
                format!("{name} must be off, connect_phase or after_sending"),
                format!("{name} 必须是 off、connect_phase 或 after_sending"),
            ));
        }
        mode
    }

    fn pace(&mut self) -> Option<u32> {
        let number = self.number("pace", |layer| layer.pace.as_ref())?;
        Some(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Digits only. A limit that can't be read must never count as none.
    fn number(&mut self, setting: &str, get: impl Fn(&Layer) -> Option<&String>) -> Option<u64> {
        let (text, layer) = self.found(get)?;
        let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        if number.is_none() {
            let name = layer.naming.of(setting);
            self.complain(Complaint::new(
                format!("{name} must be a whole number, digits only"),
                format!("{name} 必须是整数，只能含数字"),
            ));
        }
        number
    }
}

const JOURNAL: &str = "--journal (REDPACK_JOURNAL, journal)";
