//! Mending an order: the fields that may change, changed on purpose.

use super::order::new_order;
use super::settle::Settlement;
use super::state::refused;
use crate::client::Client;
use crate::error::{Error, Operation};
use crate::request::Request;

impl Client {
    /// Gives an order that is in the journal, found by its number or intent key, the other fields of this
    /// request: `wishing`, `remark`, `scene_id` and so on. That is how the advice `fix_order` is followed with
    /// a journal, which otherwise sends every attempt as the order was prepared; then send or settle it again.
    /// An order that isn't there yet is prepared. Nothing is sent.
    ///
    /// # Errors
    /// Of kind `order_conflict` where a field differs that is the order's identity (recipient, amount …), and
    /// `not_permitted` where the order was sent, is closed or under way, or an attempt of it is ambiguous: the
    /// service may hold it as it was.
    pub fn amend(&self, order: impl Into<Request>) -> Result<Settlement, Error> {
        let request = order.into();
        let journal = self.journal_for(Operation::Send)?;
        let new = new_order(&request, &self.merchant(Operation::Send)?)?;
        let prepared = journal.prepare(&new).map_err(|error| refused(&error, Some(new.number.as_str())))?;
        let id = prepared.order.id;
        let amended = journal.amend(&id, &new.fields);
        amended.map(Settlement::of).map_err(|error| refused(&error, Some(&id.mch_billno)))
    }
}
