//! Secrets that can be recognised, planted in every configuration, and looked for in everything that comes out.
//! `scenarios.json` has both; README.md says how each language goes through them.

mod forms;
mod gateway;
pub mod memory;
pub mod setup;

pub use forms::{Kind, Needle, found, needles};
pub use gateway::{Gateway, PASSPHRASE_FILES, SCENARIOS, scenarios, value};
