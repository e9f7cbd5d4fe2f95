//! What clients do to it, by accident or not: half requests, silence, floods, garbage. Afterwards it serves as
//! before, and nothing of them is left. One test at a time, since they count what the whole process has.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

#[allow(dead_code, reason = "each test program uses its own part")]
#[path = "wire/connection.rs"]
mod connection;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use connection::{Connection, Started, order, query, read_reply, result, start};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const HEAD: &str = "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nHost: localhost\r\n";
/// A hundred megabytes, and how much of it is written at once.
const FLOOD: usize = 100 << 20;
const PIECE: usize = 64 << 10;
/// What the gateway may need for a body that it doesn't want.
const BOUND: usize = 32 << 20;

/// A sandbox under attack, and what the process had before.
struct Calm {
    started: Started,
    sockets: usize,
    threads: usize,
    _alone: MutexGuard<'static, ()>,
}

impl Calm {
    fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // The limit of open files is for one side of each connection only; here both are ours.
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
        let started = start();
        serves(&started);
        let (sockets, threads) = settled();
        Self { started, sockets, threads, _alone: alone }
    }

    /// It serves as before, and has no more sockets and threads than before.
    fn is_restored(&self) {
        serves(&self.started);
        soon("no connection is left", || sockets() <= self.sockets);
        assert_eq!(count("/proc/self/task"), self.threads, "threads");
    }

    fn gateway(&self) -> TcpStream {
        socket_to(&self.started.sandbox.base_url())
    }

    fn control(&self) -> TcpStream {
        socket_to(&self.started.sandbox.control_url())
    }

    /// A connection whose handshake is done.
    fn tls(&self) -> Connection {
        let mut connection = self.started.connect_as(None, rustls::ALL_VERSIONS);
        let stream = &mut connection.stream;
        stream.conn.complete_io(&mut stream.sock).expect("a handshake");
        connection
    }

    /// What a client says first.
    fn hello(&self) -> Vec<u8> {
        let mut hello = Vec::new();
        self.started.connect().stream.conn.write_tls(&mut hello).expect("a hello");
        hello
    }
}

fn socket_to(url: &str) -> TcpStream {
    let socket = TcpStream::connect(url.split_once("://").expect("a URL").1).expect("connected");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    socket
}

fn serves(started: &Started) {
    let answer = started.post("sendredpack", &order("a1", &[]));
    assert_eq!(result(&answer).0, "SUCCESS");
}

fn count(folder: &str) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

fn sockets() -> usize {
    let files = fs::read_dir("/proc/self/fd").expect("files").flatten();
    let links = files.filter_map(|file| fs::read_link(file.path()).ok());
    links.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}

/// Sockets and threads, once the connections of before are over: the counts hold for a while.
fn settled() -> (usize, usize) {
    let now = || (sockets(), count("/proc/self/task"));
    let (mut last, mut since) = (now(), Instant::now());
    while since.elapsed() < Duration::from_millis(300) {
        std::thread::sleep(Duration::from_millis(20));
        if now() != last {
            (last, since) = (now(), Instant::now());
        }
    }
    last
}

fn soon(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Reads until the other side is done with it, which it must be before the read's limit.
fn is_ended(what: &str, stream: &mut impl Read) -> Vec<u8> {
    let mut rest = Vec::new();
    let (mut piece, limit) = ([0; 4096], Instant::now() + Duration::from_secs(30));
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return rest,
            Ok(length) => rest.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("{what} goes on"),
            Err(_) => return rest,
        }
        assert!(Instant::now() < limit, "{what} goes on");
    }
}

#[test]
fn who_falls_silent_in_the_middle_is_let_go() {
    let calm = Calm::new();
    let (half_head, half_body) = (HEAD.to_owned(), format!("{HEAD}Content-Length: 100\r\n\r\n<xml>"));
    let mut inside = [half_head.as_str(), &half_body, &HEAD[..1]].map(|bytes| {
        let mut connection = calm.tls();
        connection.stream.write_all(bytes.as_bytes()).expect("written");
        connection
    });
    let mut control = ["POST /rese", "POST /reset HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"].map(|bytes| {
        let mut socket = calm.control();
        socket.write_all(bytes.as_bytes()).expect("written");
        socket
    });
    let hello = calm.hello();
    let cuts = [0, 1, 4, 5, 6, 50, hello.len() / 2, hello.len() - 1, hello.len()];
    let mut before = cuts.map(|cut| {
        let mut socket = calm.gateway();
        socket.write_all(&hello[..cut]).expect("written");
        socket
    });
    // One that never quite stops: a byte of the head twice a second.
    let mut slow = calm.tls();
    let mut lines = HEAD.bytes().chain("X: y\r\n".bytes().cycle());
    let began = Instant::now();
    let mut sent = Ok(());
    while sent.is_ok() {
        assert!(began.elapsed() < Duration::from_secs(30), "a slow head goes on");
        sent = slow.stream.write_all(&[lines.next().expect("endless")]).and_then(|()| slow.stream.flush());
        std::thread::sleep(Duration::from_millis(500));
    }
    let told = inside.each_mut().map(|connection| is_ended("a half request", &mut connection.stream));
    assert!(told[1].starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&told[1]));
    let told = control.each_mut().map(|socket| is_ended("a half request to the control", socket));
    assert!(told[1].starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&told[1]));
    for socket in &mut before {
        is_ended("a half handshake", socket);
    }
    drop((inside, control, before, slow));
    calm.is_restored();
    assert_eq!(calm.started.sandbox.ledger().totals.sends, 2, "nothing half was taken for whole");
}

#[test]
fn who_hangs_up_in_the_middle_leaves_nothing() {
    let calm = Calm::new();
    let whole = format!("{HEAD}Content-Length: 100\r\n\r\n<xml>");
    for cut in (0..=whole.len()).step_by(7) {
        let mut connection = calm.tls();
        connection.stream.write_all(&whole.as_bytes()[..cut]).expect("written");
        let mut socket = calm.control();
        socket.write_all(&whole.as_bytes()[..cut]).expect("written");
    }
    let hello = calm.hello();
    for cut in (0..=hello.len()).step_by(11) {
        calm.gateway().write_all(&hello[..cut]).expect("written");
    }
    // One that hangs up with the gateway's words unread, which is a reset.
    let mut socket = calm.gateway();
    socket.write_all(&hello).expect("written");
    socket.peek(&mut [0]).expect("words");
    drop(socket);
    calm.is_restored();
    assert_eq!(calm.started.sandbox.ledger().totals.sends, 2);
}

#[test]
fn a_hundred_megabytes_are_refused_and_never_held() {
    let calm = Calm::new();
    let peak = peak_memory();
    for chunked in [false, true] {
        let length =
            if chunked { "Transfer-Encoding: chunked".into() } else { format!("Content-Length: {FLOOD}") };
        let head = format!("{HEAD}{length}\r\n\r\n");
        let mut connection = calm.tls();
        flood(&head, chunked, &mut connection.stream);
        // The answer is there for those who look, unless TCP's own end has overtaken it.
        if let Ok(reply) = read_reply(&mut connection.stream) {
            assert_eq!(reply.status, 413);
        }
        let mut socket = calm.control();
        flood(&head.replace("/mmpaymkttransfers/sendredpack", "/faults"), chunked, &mut socket);
        if let Ok(reply) = read_reply(&mut socket) {
            assert_eq!(reply.status, 413);
        }
    }
    // Nor does a head grow without end.
    let mut connection = calm.tls();
    flood(HEAD, false, &mut connection.stream);
    drop(connection);
    let grown = peak_memory().saturating_sub(peak);
    assert!(grown < BOUND, "{grown} bytes");
    calm.is_restored();
}

/// Writes until all is written or nobody wants it any more, which must be long before the end.
fn flood(head: &str, chunked: bool, stream: &mut impl Write) {
    let mut piece = vec![b' '; PIECE];
    if chunked {
        piece = [format!("{PIECE:x}\r\n").as_bytes(), &piece, b"\r\n"].concat();
    }
    stream.write_all(head.as_bytes()).expect("written");
    let written = (0..FLOOD / PIECE).take_while(|_| stream.write_all(&piece).is_ok());
    assert!(written.count() < FLOOD / PIECE, "all of it was taken");
}

fn peak_memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}

#[test]
fn garbage_instead_of_tls_and_inside_of_it_harms_nobody() {
    let calm = Calm::new();
    let noise: Vec<u8> = (0..20_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    let hello = calm.hello();
    let mut bent = hello.clone();
    bent[20..60].reverse();
    let http = format!("{HEAD}Content-Length: 0\r\n\r\n");
    for bytes in
        [&noise[..], &[0x16, 3, 1, 0xff, 0xff], &[0; 4096], &[0xff].repeat(70_000), http.as_bytes(), &bent]
    {
        let mut socket = calm.gateway();
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        is_ended("garbage instead of TLS", &mut socket);
        let mut connection = calm.tls();
        let _ = connection.stream.write_all(bytes).and_then(|()| connection.stream.flush());
        connection.stream.conn.send_close_notify();
        let _ = connection.stream.flush();
        is_ended("garbage inside of TLS", &mut connection.stream);
        // Below TLS, once it is there: records that nobody encrypted.
        let mut connection = calm.tls();
        let _ = connection.stream.sock.write_all(bytes);
        let _ = connection.stream.sock.shutdown(std::net::Shutdown::Write);
        is_ended("garbage below TLS", &mut connection.stream);
        let mut socket = calm.control();
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        is_ended("garbage to the control", &mut socket);
    }
    calm.is_restored();
    assert_eq!(calm.started.sandbox.ledger().totals.debits, 1);
}

#[test]
fn a_thousand_idle_connections_lock_out_nobody() {
    let calm = Calm::new();
    let most =
        getrlimit(Resource::Nofile).current.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
    // Both sides of each are ours.
    let each = (most.saturating_sub(200) / 2).min(1000) / 2;
    assert!(each > 100, "this machine lets a process have {most} files only");
    let silent: Vec<TcpStream> = (0..each).map(|_| calm.gateway()).collect();
    let idle = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..each / 4 {
                    let connection = calm.tls();
                    idle.lock().expect("a list").push(connection);
                }
            });
        }
    });
    let mut idle = idle.into_inner().expect("a list");
    for number in 0..10 {
        let answer = calm.started.post("sendredpack", &order(&format!("b{number}"), &[]));
        assert_eq!(result(&answer).0, "SUCCESS");
        assert_eq!(calm.started.post("gethbinfo", &query("b0")).text_of("status"), Some("SENT"));
    }
    // Nobody had to go for that: the youngest is still there.
    let youngest = &mut idle.last_mut().expect("a crowd").stream;
    youngest.sock.set_nonblocking(true).expect("set");
    let open = youngest.read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    assert!(open, "the youngest connection was closed");
    drop((silent, idle));
    calm.is_restored();
}
