//! redpack's own client, as a host would use it: one for all threads.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redpack::{Client, Credentials, Roots, Secret, journal};

use crate::load::Sender;
use crate::orders::{API_KEY, APPID, BILLNO, MCH_ID, order};

type Anything = Box<dyn std::error::Error + Send + Sync>;

fn client(url: &str, folder: &Path, journal_file: Option<&str>) -> Result<Client, Anything> {
    let mut builder = Client::builder(MCH_ID, APPID, Secret::new(API_KEY))
        .credentials(Credentials::pem_files(folder.join("client.pem"), folder.join("client.key")))
        .roots(Roots::file(folder.join("ca.pem")))
        .base_url(url);
    if let Some(file) = journal_file {
        builder = builder.journal(journal::open(&format!("sqlite:{}", folder.join(file).display()))?);
    }
    Ok(builder.build()?)
}

/// The same order again and again; with a journal, each time another one.
pub fn senders(
    url: &str,
    folder: &Path,
    journal_file: Option<&str>,
) -> Result<impl Fn() -> Result<Sender, Anything>, Anything> {
    let client = client(url, folder, journal_file)?;
    let numbers = journal_file.map(|_| Numbers::new());
    Ok(move || {
        let (client, numbers) = (client.clone(), numbers.clone());
        let sender: Sender = Box::new(move || {
            let number = numbers.as_ref().map_or_else(|| BILLNO.to_owned(), Numbers::next);
            client.send(&order(&number))?;
            Ok(())
        });
        Ok(sender)
    })
}

/// So many sends, one after the other.
pub fn count(times: usize, url: &str, folder: &Path) -> crate::Done {
    let client = client(url, folder, None)?;
    for _ in 0..times {
        client.send(&order(BILLNO))?;
    }
    Ok(())
}

/// Each time another order, without a journal: what a journal's figures are compared with.
pub fn numbered(url: &str, folder: &Path) -> Result<impl Fn() -> Result<Sender, Anything>, Anything> {
    let (client, numbers) = (client(url, folder, None)?, Numbers::new());
    Ok(move || {
        let (client, numbers) = (client.clone(), numbers.clone());
        let sender: Sender = Box::new(move || {
            client.send(&order(&numbers.next()))?;
            Ok(())
        });
        Ok(sender)
    })
}

/// Order numbers that no other run of this program uses.
#[derive(Clone)]
struct Numbers(Arc<AtomicU64>);

impl Numbers {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn next(&self) -> String {
        format!("p{}n{}", std::process::id(), self.0.fetch_add(1, Ordering::Relaxed))
    }
}
