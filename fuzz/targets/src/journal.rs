//! Rows of a SQLite journal with cells replaced by anything: a clear error, or a record that our own writer could
//! have left; never a panic, never a permission to pay that the row did not have before.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use redpack::journal::{
    AttemptEnd, Begin, BeginQuery, Caps, Claim, Identity, Journal, JournalErrorKind, List, NewOrder, Number,
    OrderId, QueryEnd, State, Told, Work, open,
};
use redpack::{Advice, OrderStatus, Outcome, Phase, Scope};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use crate::input::Input;

/// The order that is damaged: its only attempt is ambiguous, so that nothing may be paid again.
const DAMAGED: &str = "damaged";
const LEASE: Duration = Duration::from_secs(30);
const TABLES: [&str; 5] = ["orders", "attempts", "merchants", "spent", "meta"];
/// The columns of an order on which a permission rests. A word of ours in one of them is a lie that nobody can see.
const DECIDING: [&str; 7] =
    ["state", "ambiguous", "failed", "suspect", "may_attempt", "mch_id", "mch_billno"];

struct Place {
    journal: Arc<dyn Journal>,
    direct: Connection,
    columns: Vec<Vec<String>>,
    _folder: tempfile::TempDir,
}

thread_local! {
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

fn id(number: &str) -> OrderId {
    OrderId::new(crate::MCH_ID, number)
}

fn prepared(journal: &dyn Journal, number: &str) {
    let identity = Identity {
        kind: "sendredpack".into(),
        sub_mch_id: String::new(),
        wxappid: crate::APPID.into(),
        re_openid: "oxTWIuGaIt6gTKsQRLau2M0yL16E".into(),
        total_amount: 100,
        total_num: 1,
        consume_mch_id: String::new(),
    };
    let fields = [("wishing".to_owned(), "恭喜发财".to_owned())].into();
    let (mch_id, number) = (crate::MCH_ID.into(), Number::Given(number.into()));
    let new = NewOrder { mch_id, number, intent: None, identity, fields };
    journal.prepare(&new).expect("prepared");
}

fn begin() -> Begin {
    let caps = Caps { merchant_day: Some(redpack::Fen(1_000_000)), ..Caps::default() };
    Begin { host: "api.mch.weixin.qq.com".into(), any_host: false, lease: LEASE, caps }
}

impl Place {
    fn new() -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::tempdir_in(base).expect("a folder");
        let path = folder.path().join("journal.db");
        let journal = open(&format!("sqlite:{}", path.display())).expect("a journal");
        prepared(&*journal, DAMAGED);
        let held = journal.begin(&id(DAMAGED), &begin()).expect("begun");
        let end = AttemptEnd {
            outcome: Outcome::Unknown,
            advice: Advice::QueryFirst,
            scope: Scope::Order,
            err_code: Some("SYSTEMERROR".into()),
            send_listid: None,
            wait: None,
            http_status: Some(200),
            phase: Phase::Answer,
            elapsed: Duration::from_millis(5),
        };
        journal.finish(&held.lease, &end).expect("finished");
        journal.pause(crate::MCH_ID, Some(LEASE), "test").expect("paused");
        journal.resume(crate::MCH_ID).expect("resumed");
        let direct = Connection::open(&path).expect("opened");
        direct.execute_batch("PRAGMA synchronous = OFF").expect("set");
        let mut columns = Vec::new();
        for table in TABLES {
            direct
                .execute_batch(&format!("CREATE TABLE good_{table} AS SELECT * FROM {table}"))
                .expect("kept");
            let statement = direct.prepare(&format!("SELECT * FROM {table}")).expect("a table");
            columns.push(statement.column_names().map(str::to_owned).collect());
        }
        Self { journal, direct, columns, _folder: folder }
    }

    fn restore(&self) {
        for table in TABLES {
            let sql = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM good_{table}");
            self.direct.execute_batch(&sql).expect("as it was");
        }
    }
}

/// Which table, which column, which type, which value; up to four cells.
pub fn journal(data: &[u8]) {
    PLACE.with_borrow_mut(|place| {
        let place = place.get_or_insert_with(Place::new);
        place.restore();
        damage_and_look(place, &mut Input(data));
    });
}

fn value(input: &mut Input<'_>) -> Option<Value> {
    Some(match input.byte()? % 6 {
        0 => Value::Null,
        1 => Value::Integer(i64::from(input.byte()?)),
        2 => {
            let mut bytes = [0; 8];
            let piece = input.piece()?;
            let length = piece.len().min(8);
            bytes[..length].copy_from_slice(&piece[..length]);
            Value::Integer(i64::from_le_bytes(bytes))
        }
        3 => Value::Real(f64::from(input.byte()?) / 3.0),
        4 => Value::Blob(input.piece()?.to_vec()),
        _ => Value::Text(String::from_utf8_lossy(input.piece()?).into_owned()),
    })
}

fn damage_and_look(place: &Place, input: &mut Input<'_>) {
    let mut may_lie = false;
    for _ in 0..4 {
        let (Some(table), Some(column)) = (input.byte(), input.byte()) else { break };
        let table = usize::from(table) % TABLES.len();
        let column = &place.columns[table][usize::from(column) % place.columns[table].len()];
        let Some(value) = value(input) else { break };
        may_lie |= table == 0 && DECIDING.contains(&column.as_str());
        // A type that the column can't hold, or a number that is taken: SQLite itself refuses those.
        let sql = format!("UPDATE {} SET {column} = ?1", TABLES[table]);
        let _refused = place.direct.execute(&sql, [value]);
    }
    let part =
        "SELECT (holder IS NULL) + (holder_purpose IS NULL) + (holder_until IS NULL) + (holder_boot IS NULL)
         FROM orders WHERE mch_id = ?1 AND mch_billno = ?2";
    let empty: Option<i64> =
        place.direct.query_row(part, [crate::MCH_ID, DAMAGED], |row| row.get(0)).optional().expect("asked");
    if empty.is_some_and(|empty| (1..4).contains(&empty)) {
        assert!(place.journal.order(&id(DAMAGED)).is_err(), "a part of a holder was read");
    }
    look(&*place.journal, may_lie);
}

fn look(journal: &dyn Journal, may_lie: bool) {
    let damaged = id(DAMAGED);
    let found = journal.order(&damaged);
    match &found {
        Ok(Some(order)) => {
            assert!(may_lie || order.state == State::Unknown, "another state");
            assert!(may_lie || (order.ambiguous && !order.failed && !order.may_attempt));
            assert!(!(order.state == State::Closed && order.ambiguous), "closed and ambiguous");
        }
        Ok(None) => assert!(may_lie, "the order is gone"),
        Err(error) => {
            assert_eq!(error.kind(), JournalErrorKind::Corrupt, "{error}");
            let named = ["holds", "column"].iter().any(|word| error.message().contains(word));
            assert!(named, "an error that names nothing: {error}");
        }
    }
    let readable = matches!(found, Ok(Some(_)));
    // Nothing permits a payment of an order that may be paid already.
    let begun = journal.begin(&damaged, &begin());
    assert!(begun.is_err() || (readable && may_lie), "an attempt of an ambiguous order was permitted");
    let closed = journal.close(&damaged);
    assert!(closed.is_err() || (readable && may_lie), "an ambiguous order was closed: it may be paid anew");
    if let Ok(order) = &closed {
        assert!(order.state == State::Closed && !order.ambiguous);
    }
    let _attempts = journal.attempts(&damaged);
    let _decisions = journal.decisions(&damaged);
    let _list = journal.list(&List { limit: 9, ..List::default() });
    let _paused = journal.paused(crate::MCH_ID);
    let _spent = journal.spent_today(crate::MCH_ID, None);
    let _turn = journal.turn(crate::MCH_ID, 100, Duration::ZERO);
    let claim = Claim { work: Work::Recover, mch_id: None, limit: 5, lease: LEASE };
    let _claimed = journal.claim(&claim);
    if let Ok(held) = journal.begin_query(&damaged, BeginQuery { lease: LEASE, early: true }) {
        let told = Told::Status(OrderStatus::Sent, false);
        let _told = journal.finish_query(&held.lease, &QueryEnd { told, send_listid: None, wait: None });
    }
}
