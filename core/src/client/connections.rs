//! What belongs to one merchant identity in one process: keys, certificate, pool.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::settings::Settings;
use super::{Client, Shared};
use crate::credentials::{CredentialFault, Credentials, Identity, fault, root_store};
use crate::error::{Error, ErrorKind, Operation};
use crate::outcome::Scope;
use crate::process::Owned;
use crate::request::Merchant;
use crate::secret::Secret;
use crate::transport::Poster;

pub(super) struct Connections {
    pub merchant: Merchant,
    pub identity: Identity,
    pub poster: Poster,
    /// Recipients whose sends were answered NO_AUTH, in a row, each once.
    no_auth: Mutex<VecDeque<String>>,
}

/// From this many different recipients in a row on, NO_AUTH concerns the merchant (design, outcome table).
const NO_AUTH_IN_A_ROW: usize = 3;

impl Connections {
    pub fn new(
        settings: &Settings,
        merchant: Merchant,
        credentials: Option<&Credentials>,
    ) -> Result<Self, Error> {
        let credentials = credentials.ok_or_else(|| {
            fault(CredentialFault::Missing, "no merchant certificate and private key were given")
        })?;
        let identity = credentials.load(&merchant.mch_id)?;
        Self::with_identity(settings, merchant, identity)
    }

    fn with_identity(settings: &Settings, merchant: Merchant, identity: Identity) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = root_store(&settings.roots)?;
        let poster = Poster::new(&identity, roots, settings.route.clone(), settings.limits, &provider)
            .map_err(|error| Error::new(ErrorKind::Configuration, Operation::Setup, error.to_string()))?;
        Ok(Self { merchant, identity, poster, no_auth: Mutex::default() })
    }

    /// The same merchant and certificate under another API key.
    pub fn with_api_key(&self, settings: &Settings, api_key: Secret) -> Result<Self, Error> {
        let merchant = Merchant { api_key, ..self.merchant.clone() };
        Self::with_identity(settings, merchant, self.identity.clone())
    }
}

impl Client {
    /// The connections of this process. In a child after `fork` they are made anew; the parent's are left
    /// alone for ever, since dropping them would speak on its sockets.
    pub(super) fn connections(&self, operation: Operation) -> Result<Arc<Owned<Connections>>, Error> {
        let Shared { settings, current, .. } = &*self.shared;
        // Only the trust store can fail here, when its file has gone since: then nothing may be sent.
        let own = current.own(|parents| {
            Connections::with_identity(settings, parents.merchant.clone(), parents.identity.clone())
        });
        own.map_err(|error| error.during(operation))
    }

    /// NO_AUTH may mean this user or this merchant; three different users in a row mean the merchant.
    pub(super) fn widen_no_auth(&self, error: Error, re_openid: Option<&str>) -> Error {
        if error.err_code() != Some("NO_AUTH") || error.scope() != Scope::Recipient {
            // Only an answer breaks the row: a time-out says nothing about permissions.
            if error.answer().is_some() {
                self.forget_no_auth();
            }
            return error;
        }
        let Ok(connections) = self.connections(Operation::Send) else { return error };
        let mut row = connections.no_auth.lock().unwrap_or_else(PoisonError::into_inner);
        let recipient = re_openid.unwrap_or_default();
        if !row.iter().any(|seen| seen == recipient) {
            row.push_back(recipient.to_owned());
            row.truncate(NO_AUTH_IN_A_ROW);
        }
        if row.len() >= NO_AUTH_IN_A_ROW { error.with_scope(Scope::Merchant) } else { error }
    }

    /// After a call on connections of this process: whoever's are there are ours, and a call asks once whose.
    pub(super) fn forget_no_auth(&self) {
        self.shared.current.any().no_auth.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
