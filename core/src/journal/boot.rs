//! The boot clock: never stepped, counts through sleep, and the same for every process of a host.

/// Milliseconds of the boot clock, and which boot they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BootTime {
    pub ms: i64,
    pub boot: String,
}

/// Now, by the boot clock.
#[cfg(unix)]
pub(crate) fn now_ms() -> i64 {
    use rustix::time::{ClockId, clock_gettime};
    // Linux's CLOCK_MONOTONIC stops while the host sleeps, the others' doesn't.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = ClockId::Monotonic;
    let time = clock_gettime(clock);
    time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000)
}

/// Now, by a clock that only this process knows.
#[cfg(not(unix))]
pub(crate) fn now_ms() -> i64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    super::moment::millis(START.elapsed())
}

/// Names this boot of this host. Where the system has no such name, each process is its own boot: then a
/// lease of another process ends only with that process.
pub(crate) fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .ok()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| format!("process-{}", std::process::id()))
}

pub(crate) fn now(boot: &str) -> BootTime {
    BootTime { ms: now_ms(), boot: boot.to_owned() }
}
