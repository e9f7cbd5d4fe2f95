//! The two listeners and their connections, on a runtime that lives and dies with the sandbox.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
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
use crate::service::Service;
use crate::tls::Verifier;
use crate::{gateway, ledger_page};

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
    pub traffic: Traffic,
}

/// What happened below the service.
#[derive(Default)]
pub(crate) struct Traffic {
    pub connections: AtomicU64,
    pub tls_handshakes: AtomicU64,
    pub requests: AtomicU64,
}

/// The running server. Dropping it ends every connection and waits until its threads are gone.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(
        gateway: StdListener,
        ledger: StdListener,
        tls: Arc<ServerConfig>,
        shared: Arc<Shared>,
    ) -> Result<Self, SandboxError> {
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
        let gateway = register(gateway).map_err(SandboxError::io("the gateway can't listen"))?;
        let ledger = register(ledger).map_err(SandboxError::io("the ledger can't listen"))?;
        let (stop, stopped) = oneshot::channel();
        // The runtime is dropped on a thread of its own, because a caller's thread may belong to another
        // runtime, where waiting isn't allowed.
        let thread = std::thread::Builder::new()
            .name("redpack-sandbox".into())
            .spawn(move || run(&runtime, gateway, ledger, tls, shared, stopped))
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
    gateway: TcpListener,
    ledger: TcpListener,
    tls: Arc<ServerConfig>,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let acceptor = TlsAcceptor::from(tls);
    let for_gateway = Arc::clone(&shared);
    runtime.spawn(accept(gateway, move |stream| {
        for_gateway.traffic.connections.fetch_add(1, Relaxed);
        gateway_connection(stream, acceptor.clone(), Arc::clone(&for_gateway))
    }));
    runtime.spawn(accept(ledger, move |stream| ledger_connection(stream, Arc::clone(&shared))));
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

async fn gateway_connection(stream: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let handshake = tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream));
    let Ok(Ok(stream)) = handshake.await else { return };
    shared.traffic.tls_handshakes.fetch_add(1, Relaxed);
    let client = shared.verifier.judge(stream.get_ref().1);
    let service = service_fn(|request| {
        let (shared, client) = (&shared, &client);
        Box::pin(async move { Ok::<_, Infallible>(gateway::answer(shared, client, request).await) })
    });
    serve(stream, service).await;
}

async fn ledger_connection(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| {
        let response = ledger_page::answer(&shared, &request);
        std::future::ready(Ok::<_, Infallible>(response))
    });
    serve(stream, service).await;
}

/// HTTP/1.1 until the client is done, idle for too long, or talks nonsense.
async fn serve<S>(stream: impl AsyncRead + AsyncWrite + Unpin, service: S)
where
    S: HttpService<Incoming, ResBody = Full<Bytes>, Error = Infallible> + Unpin,
    S::Future: Unpin,
{
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    // How it ended is the client's business. Over TLS the end is told in any case, also to an idle client,
    // so that it isn't taken for an attack.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let _ = tokio::time::timeout(GOODBYE_LIMIT, stream.shutdown()).await;
}
