//! The settings of a configuration: hosts, limits, pace, caps, journal, callback.

use std::ffi::{c_char, c_void};
use std::net::IpAddr;
use std::time::Duration;

use redpack::journal::Caps;
use redpack::{Failover, Fen};

use crate::boundary::{Fault, boundary};
use crate::config::redpack_config;
use crate::error::redpack_error;
use crate::event::redpack_event;
use crate::journal::redpack_journal;
use crate::observer::Observer;
use crate::status::redpack_status;

/// What redpack_config_set_connect_limit_ms replaces, in milliseconds.
pub const REDPACK_DEFAULT_CONNECT_LIMIT_MS: u32 = 5_000;
/// What redpack_config_set_attempt_limit_ms replaces, in milliseconds.
pub const REDPACK_DEFAULT_ATTEMPT_LIMIT_MS: u32 = 20_000;
/// What redpack_config_set_pace replaces, in requests a second.
pub const REDPACK_DEFAULT_PACE: u32 = 30;
/// A good limit for settling, recovering and reconciling, in milliseconds.
pub const REDPACK_DEFAULT_SETTLE_LIMIT_MS: u64 = 60_000;

const _: () = {
    assert!(REDPACK_DEFAULT_CONNECT_LIMIT_MS as u128 == redpack::DEFAULT_CONNECT_LIMIT.as_millis());
    assert!(REDPACK_DEFAULT_ATTEMPT_LIMIT_MS as u128 == redpack::DEFAULT_ATTEMPT_LIMIT.as_millis());
    assert!(REDPACK_DEFAULT_SETTLE_LIMIT_MS as u128 == redpack::DEFAULT_SETTLE_LIMIT.as_millis());
    assert!(REDPACK_DEFAULT_PACE == redpack::DEFAULT_PACE);
};

/// When the backup host takes over.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "C reads these numbers")]
pub enum redpack_failover {
    /// Never.
    REDPACK_FAILOVER_OFF = 0,
    /// When the primary host can't be reached, so that nothing can have left. The default.
    REDPACK_FAILOVER_CONNECT_PHASE = 1,
    /// Also for a later attempt of an order that may have reached the primary host; in settling only.
    REDPACK_FAILOVER_AFTER_SENDING = 2,
}

/// Called on the thread that makes a call, after each attempt and before the caller hears of it. The event lives
/// during the callback only. The callback must not unwind (no C++ exception, no longjmp) and must not call the
/// client for the same order. "user" is the pointer that was given with the callback.
pub type redpack_attempt_callback =
    Option<unsafe extern "C" fn(event: *const redpack_event, user: *mut c_void)>;

/// Another host than https://api.mch.weixin.qq.com, such as a sandbox: "https://HOST[:PORT][/PATH]", checked by
/// redpack_client_new. A client of another host has no backup host unless one is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_base_url(
    config: *mut redpack_config,
    base_url: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let base_url = text!(base_url);
        config.set("base_url", base_url.as_bytes(), |builder| builder.base_url(base_url));
        Ok(())
    })
}

/// Another backup host than https://api2.mch.weixin.qq.com.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_backup_url(
    config: *mut redpack_config,
    backup_url: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let backup_url = text!(backup_url);
        config.set("backup_url", backup_url.as_bytes(), |builder| builder.backup_url(backup_url));
        Ok(())
    })
}

/// When the backup host takes over: a value of redpack_failover.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_failover(
    config: *mut redpack_config,
    failover: i32,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let failover = match failover {
            0 => Failover::Off,
            1 => Failover::ConnectPhase,
            2 => Failover::AfterSending,
            _ => return Err(Fault::argument("failover", "is no value of redpack_failover", 0)),
        };
        config.set("failover", failover.as_str().as_bytes(), |builder| builder.failover(failover));
        Ok(())
    })
}

/// The limit for resolving, connecting and the TLS handshake together, in milliseconds; 5,000 unless set, at most
/// 600,000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_connect_limit_ms(
    config: *mut redpack_config,
    connect_limit_ms: u32,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);

        config.set("connect_limit_ms", &connect_limit_ms.to_le_bytes(), |builder| {
            builder.connect_limit(Duration::from_millis(connect_limit_ms.into()))
        });
        Ok(())
    })
}

/// The limit for a whole call, in milliseconds; 20,000 unless set, at most 600,000. A send that passes it is
/// unknown, not failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_attempt_limit_ms(
    config: *mut redpack_config,
    attempt_limit_ms: u32,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);

        config.set("attempt_limit_ms", &attempt_limit_ms.to_le_bytes(), |builder| {
            builder.attempt_limit(Duration::from_millis(attempt_limit_ms.into()))
        });
        Ok(())
    })
}

/// An HTTP proxy to CONNECT through: "http://HOST:PORT". None is ever taken from the environment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_proxy(
    config: *mut redpack_config,
    proxy: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let proxy = text!(proxy);
        config.set("proxy", proxy.as_bytes(), |builder| builder.proxy(proxy));
        Ok(())
    })
}

/// The local IP address to send from: the service allow-lists the addresses of merchants.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_source_address(
    config: *mut redpack_config,
    source_address: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let source_address = text!(source_address);
        let address: IpAddr = source_address
            .parse()
            .map_err(|_| Fault::argument("source_address", "is no IP address", source_address.len()))?;
        config.set("source_address", source_address.as_bytes(), |builder| builder.source_address(address));
        Ok(())
    })
}

/// Whether only IPv4 addresses of the host are used; false unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_ipv4_only(
    config: *mut redpack_config,
    ipv4_only: bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);

        config.set("ipv4_only", &[ipv4_only.into()], |builder| builder.ipv4_only(ipv4_only));
        Ok(())
    })
}

/// How many requests a second settling, recovering and reconciling make at most, all threads, processes and (with
/// PostgreSQL) hosts together; 30 unless set, at least 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_pace(
    config: *mut redpack_config,
    per_second: u32,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);

        config.set("pace", &per_second.to_le_bytes(), |builder| builder.pace(per_second));
        Ok(())
    })
}

/// Whether plain sends keep to the pace too; false unless set. It needs a journal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_paced_sends(
    config: *mut redpack_config,
    paced_sends: bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);

        config.set("paced_sends", &[paced_sends.into()], |builder| builder.paced_sends(paced_sends));
        Ok(())
    })
}

/// Local limits in fen, counted in the journal by the day in Beijing: for one order, for one recipient and day, for
/// the merchant and day. 0 is no limit; below 0 is an error. A send that would pass one is not sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_caps(
    config: *mut redpack_config,
    order_fen: i64,
    recipient_day_fen: i64,
    merchant_day_fen: i64,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = borrow_mut!(config);
        let cap = |name, fen: i64| match u64::try_from(fen) {
            Ok(0) => Ok(None),
            Ok(fen) => Ok(Some(Fen(fen))),
            Err(_) => Err(Fault::argument(name, "must not be below 0", 0)),
        };
        let caps = Caps {
            order: cap("order_fen", order_fen)?,
            recipient_day: cap("recipient_day_fen", recipient_day_fen)?,
            merchant_day: cap("merchant_day_fen", merchant_day_fen)?,
        };
        config.set("caps", format!("{caps:?}").as_bytes(), |builder| builder.caps(caps));
        Ok(())
    })
}

/// The journal that the client keeps its orders in. The client shares it: free your own handle when you like.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_journal(
    config: *mut redpack_config,
    journal: *const redpack_journal,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, journal) = (borrow_mut!(config), borrow!(journal));
        config.set_journal(&journal.journal);
        Ok(())
    })
}

/// The same by its URL (see redpack_journal_open): opened when a client is made. redpack_client_journal gives it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_journal_url(
    config: *mut redpack_config,
    url: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, url) = (borrow_mut!(config), text!(url));
        config.set_journal_url(url);
        Ok(())
    })
}

/// Calls back after each attempt; NULL for no callback. Unlike the callback of the log, which is one for the
/// process, it belongs to the handles of clients that are made of this configuration, also to handles of a shared
/// client: each calls back its own, and none but its own. The callback and what "user" points to must stay usable
/// until those handles are freed, and from every thread that uses one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_attempt_callback(
    config: *mut redpack_config,
    callback: redpack_attempt_callback,
    user: *mut c_void,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        // An address, so that it may be shared between threads as the conventions demand of the callback.
        let user = user as usize;
        borrow_mut!(config).observer = callback.map(|callback| Observer { callback, user });
        Ok(())
    })
}
