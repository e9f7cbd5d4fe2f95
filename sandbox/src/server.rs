//! The two listeners and their connections, on a runtime that lives and dies with the sandbox.

use std::future::poll_fn;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::error::SandboxError;
use crate::faults::{Facts, GARBAGE, Manner, On, REFUSE_CERTIFICATE, Strike};
use crate::gateway::Caller;
use crate::service::Service;
use crate::tls::{Configs, Verifier};
use crate::wire::{Broken, Ending, Wire};
use crate::{control, gateway};

/// A connection on which nothing has come for this long is closed, as the service does.
const IDLE_LIMIT: Duration = Duration::from_secs(8);
/// How long a client may take for its handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// How long a client may take to hear that the connection ends.
const GOODBYE_LIMIT: Duration = Duration::from_secs(1);

/// What all connections share.
pub(crate) struct Shared {
    pub service: Service,
    pub verifier: Arc<Verifier>,
    pub tls: Configs,
    pub traffic: Traffic,
    /// What the merchant could spend at the start, and can again after a reset.
    pub balance: redpack::Fen,
}

/// What happened below the service.
#[derive(Default)]
pub(crate) struct Traffic {
    pub connections: AtomicU64,
    pub tls_handshakes: AtomicU64,
    pub requests: AtomicU64,
}

impl Traffic {
    pub fn reset(&self) {
        for count in [&self.connections, &self.tls_handshakes, &self.requests] {
            count.store(0, Relaxed);
        }
    }
}

/// The sockets that a sandbox listens on.
pub(crate) struct Listeners {
    pub gateway: StdListener,
    pub backup: StdListener,
    pub control: StdListener,
}

/// The running server. Dropping it ends every connection and waits until its threads are gone.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(listeners: Listeners, shared: Arc<Shared>) -> Result<Self, SandboxError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("redpack-sandbox")
            .enable_all()
            .build()
            .map_err(SandboxError::io("the sandbox's threads can't be started"))?;
        let register = |listener: StdListener| {
            let _inside = runtime.enter();
            listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener))
        };
        let gateway = register(listeners.gateway).map_err(SandboxError::io("the gateway can't listen"))?;
        let backup = register(listeners.backup).map_err(SandboxError::io("the backup host can't listen"))?;
        let control = register(listeners.control).map_err(SandboxError::io("the control can't listen"))?;
        let (stop, stopped) = oneshot::channel();
        // The runtime is dropped on a thread of its own, because a caller's thread may belong to another
        // runtime, where waiting isn't allowed.
        let thread = std::thread::Builder::new()
            .name("redpack-sandbox".into())
            .spawn(move || run(&runtime, [gateway, backup], control, shared, stopped))
            .map_err(SandboxError::io("the sandbox's thread can't be started"))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Dropping the sender says the same as sending.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(
    runtime: &Runtime,
    gateways: [TcpListener; 2],
    control: TcpListener,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    for (listener, backup) in gateways.into_iter().zip([false, true]) {
        let shared = Arc::clone(&shared);
        runtime.spawn(accept(listener, move |stream| {
            let number = shared.traffic.connections.fetch_add(1, Relaxed) + 1;
            gateway_connection(stream, Arc::clone(&shared), backup, number)
        }));
    }
    runtime.spawn(accept(control, move |stream| control_connection(stream, Arc::clone(&shared))));
    let _ = runtime.block_on(stopped);
}

/// Accepts for ever; each connection is a task of its own.
async fn accept<F>(listener: TcpListener, connection: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(stream));
            }
            // Out of file descriptors, most likely: others have to go first.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn gateway_connection(stream: TcpStream, shared: Arc<Shared>, backup: bool, number: u64) {
    let (tls, strike) = {
        let mut world = shared.service.world();
        let facts = Facts {
            on: On::Connection,
            mch_billno: "",
            re_openid: "",
            remark: "",
            endpoint: "",
            backup,
            attempt: number,
        };
        (shared.tls.speaking(world.policy.tls_versions), world.faults.strike(&facts))
    };
    let Some((stream, tls)) = survivor(stream, tls, strike.as_ref(), &shared).await else { return };
    let handshake = tokio::time::timeout(HANDSHAKE_LIMIT, TlsAcceptor::from(tls).accept(stream));
    let Ok(Ok(stream)) = handshake.await else { return };
    shared.traffic.tls_handshakes.fetch_add(1, Relaxed);
    let certificate = shared.verifier.judge(stream.get_ref().1);
    let caller = Caller { certificate, backup };
    let service = service_fn(|request| Box::pin(gateway::answer(&shared, &caller, request)));
    let (mut stream, ending) = serve(stream, service).await;
    if ending == Ending::Reset {
        let _ = stream.get_ref().0.set_zero_linger();
        return;
    }
    let _ = tokio::time::timeout(GOODBYE_LIMIT, stream.shutdown()).await;
}

/// The connection, if no fault ends it before TLS; with the form of TLS that it gets.
async fn survivor(
    mut stream: TcpStream,
    tls: Arc<ServerConfig>,
    strike: Option<&Strike>,
    shared: &Shared,
) -> Option<(TcpStream, Arc<ServerConfig>)> {
    let Some(strike) = strike else { return Some((stream, tls)) };
    match (strike.fault.manner, strike.name.as_str()) {
        (_, REFUSE_CERTIFICATE) => return Some((stream, shared.tls.refusing())),
        (_, GARBAGE) => {
            let _ = stream.write_all(b"220 smtp.example.com ESMTP\r\n").await;
        }
        (Some(Manner::Reset), _) => drop(stream.set_zero_linger()),
        (Some(Manner::Hang), _) => tokio::time::sleep(Duration::from_millis(strike.delay_ms)).await,
        _ => {}
    }
    None
}

async fn control_connection(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| Box::pin(control::answer(&shared, request)));
    let (mut stream, _) = serve(stream, service).await;
    let _ = tokio::time::timeout(GOODBYE_LIMIT, stream.shutdown()).await;
}

/// HTTP/1.1 until the client is done, idle for too long, or talks nonsense, or a fault ends it. The stream
/// comes back, and how it is to end: over TLS the end is told in any case, also to an idle client, so that
/// it isn't taken for an attack.
async fn serve<T, S>(stream: T, service: S) -> (T, Ending)
where
    T: AsyncRead + AsyncWrite + Unpin,
    S: HttpService<Incoming, ResBody = Wire, Error = Broken> + Unpin,
    S::Future: Unpin,
{
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let result = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let broken = result.err().and_then(|error| {
        let source = std::error::Error::source(&error)?;
        source.downcast_ref::<Broken>().map(|Broken(ending)| *ending)
    });
    (connection.into_parts().io.into_inner(), broken.unwrap_or(Ending::Close))
}
