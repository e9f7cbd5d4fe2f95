//! A line on standard error that shows that something is going on, at a terminal only.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use redpack::ClientBuilder;

use crate::args::Common;
use crate::output::Output;
use crate::words::journal;

/// The line; gone when dropped.
pub struct Progress {
    bar: Option<ProgressBar>,
    lang: crate::words::Lang,
    calls: Arc<AtomicU64>,
}

impl Progress {
    /// No line in JSON, nor between log lines.
    pub fn start(common: &Common, output: Output, deadline: Duration) -> Self {
        let wanted = !output.json && common.verbose == 0 && std::io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{spinner} {elapsed_precise}{prefix} {msg}").ok();
        let bar = style.filter(|_| wanted).map(|style| {
            let bar = ProgressBar::new_spinner().with_style(style);
            bar.set_prefix(format!(" / {} s", deadline.as_secs()));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, lang: output.lang, calls: Arc::default() }
    }

    /// Counts the calls that the client makes.
    pub fn watch(&self, builder: ClientBuilder) -> ClientBuilder {
        let Some(bar) = self.bar.clone() else { return builder };
        let (calls, lang) = (Arc::clone(&self.calls), self.lang);
        builder.on_attempt(move |_| {
            let count = calls.fetch_add(1, Ordering::Relaxed) + 1;
            bar.set_message(journal::calls(lang, count));
        })
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
