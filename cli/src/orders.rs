//! `redpack orders`: what is in the journal, a page at a time.

use std::process::ExitCode;

use redpack::journal::{List, Moment, Order, State};
use redpack::{Fen, Outcome, Timestamp, mask_openid};
use serde::Serialize;

use crate::args::Common;
use crate::journal_args::OrdersArgs;
use crate::output::{Output, note, visible};
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{Lang, journal};

/// What is shown of an order. Its openid is masked, its texts stay in the journal.
#[derive(Serialize)]
struct Row<'a> {
    seq: i64,
    mch_billno: &'a str,
    intent: Option<&'a str>,
    state: State,
    outcome: Outcome,
    ambiguous: bool,
    failed: bool,
    kind: &'a str,
    re_openid: String,
    total_amount: Fen,
    attempts: u32,
    err_code: Option<&'a str>,
    send_listid: Option<&'a str>,
    query_status: Option<&'a str>,
    created_at: Moment,
    updated_at: Moment,
    not_before: Option<Timestamp>,
}

impl<'a> Row<'a> {
    fn of(order: &'a Order) -> Self {
        Self {
            seq: order.seq,
            mch_billno: &order.id.mch_billno,
            intent: order.intent.as_deref(),
            state: order.state,
            outcome: order.outcome(),
            ambiguous: order.ambiguous,
            failed: order.failed,
            kind: &order.identity.kind,
            re_openid: mask_openid(&order.identity.re_openid),
            total_amount: Fen(order.identity.total_amount),
            attempts: order.attempts,
            err_code: order.err_code.as_deref(),
            send_listid: order.send_listid.as_deref(),
            query_status: order.query_status.as_deref(),
            created_at: order.created_at,
            updated_at: order.updated_at,
            not_before: order.not_before.map(Moment::timestamp),
        }
    }

    fn cells(&self) -> [String; 8] {
        [
            self.seq.to_string(),
            visible(self.mch_billno),
            self.state.to_string(),
            self.total_amount.to_string(),
            visible(&self.re_openid),
            visible(self.err_code.unwrap_or("-")),
            self.updated_at.timestamp().to_string(),
            visible(self.intent.unwrap_or("-")),
        ]
    }
}

pub fn run(args: &OrdersArgs, common: &Common, output: Output) -> ExitCode {
    let orders = match list(args, common) {
        Ok(orders) => orders,
        Err(trouble) => {
            note(&format!("redpack: {}", visible(&trouble.message(output.lang))));
            return ExitCode::FAILURE;
        }
    };
    let rows: Vec<Row<'_>> = orders.iter().map(Row::of).collect();
    if output.json {
        for row in &rows {
            output.result(row, String::new);
        }
    } else {
        output.result(&(), || table(&rows, args.limit, output.lang));
    }
    ExitCode::SUCCESS
}

fn list(args: &OrdersArgs, common: &Common) -> Result<Vec<Order>, Trouble> {
    let (mch_id, journal) = Settings::read(common).journal()?;
    let state = args.state.as_deref().and_then(State::from_word);
    let list = List { mch_id: Some(mch_id), state, after: args.after, limit: args.limit };
    Ok(journal.list(&list)?)
}

fn table(rows: &[Row<'_>], limit: u32, lang: Lang) -> String {
    let Some(last) = rows.last() else { return journal::no_orders(lang).to_owned() };
    let mut lines = vec![journal::table_head(lang).map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let mut widths = [0; 8];
    for line in &lines {
        for (most, cell) in widths.iter_mut().zip(line) {
            *most = columns(cell).max(*most);
        }
    }
    let laid_out = lines.iter().map(|line| {
        let cells = line.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("{cell}{}", " ".repeat(width - columns(cell))));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    let mut text = laid_out.collect::<Vec<_>>().join("\n");
    if rows.len() == usize::try_from(limit).unwrap_or(usize::MAX) {
        text.push('\n');
        text.push_str(&journal::more_orders(lang, last.seq));
    }
    text
}

/// Columns at a terminal; a Chinese character has two.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}
