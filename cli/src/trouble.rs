//! What stands in the way before anything can be sent: settings that are missing, wrong or unreadable.

use redpack::journal::{JournalError, JournalErrorKind};
use redpack::{CredentialFault, Error, ErrorKind};

use crate::words::{Lang, explained};

/// One thing that is wrong with the settings, in both languages. Never the value of a secret, nor the path
/// of a file that should hold one: whoever gives the secret in its place must not find it in a log.
#[derive(Debug, Clone)]
pub struct Complaint {
    english: String,
    chinese: String,
    fault: Option<CredentialFault>,
}

impl Complaint {
    pub fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into(), fault: None }
    }

    /// Says that it is the credentials that are at fault, and how.
    pub fn fault(mut self, fault: CredentialFault) -> Self {
        self.fault = Some(fault);
        self
    }

    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.english, &self.chinese)
    }
}

/// Why there is no client to call with.
#[derive(Debug)]
pub enum Trouble {
    /// The settings are to blame; all that is wrong is named together.
    Settings(Vec<Complaint>),
    /// The core refused them.
    Core(Error),
    /// The journal can't be opened.
    Journal(JournalError),
}

impl Trouble {
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Core(error) => error.kind(),
            Self::Journal(error) => match error.kind() {
                // Time mends these; the others, somebody must.
                JournalErrorKind::Unavailable | JournalErrorKind::Storage => ErrorKind::Journal,
                _ => ErrorKind::Configuration,
            },
            Self::Settings(_) if self.credential_fault().is_some() => ErrorKind::Credentials,
            Self::Settings(_) => ErrorKind::Configuration,
        }
    }

    pub fn credential_fault(&self) -> Option<CredentialFault> {
        match self {
            Self::Core(error) => error.credential_fault(),
            Self::Journal(_) => None,
            Self::Settings(complaints) => complaints.iter().find_map(|complaint| complaint.fault),
        }
    }

    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Core(error) => explained(lang, Some(error.kind()), error.message()),
            Self::Journal(error) => explained(lang, Some(ErrorKind::Journal), &error.to_string()),
            Self::Settings(complaints) => {
                let texts: Vec<&str> = complaints.iter().map(|complaint| complaint.text(lang)).collect();
                texts.join(lang.pick("; ", "；"))
            }
        }
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}
