//! The HTTP/1.1 server on loopback. Each connection is served by a task of its own until it ends or is reset.

use std::{
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::oneshot};

use crate::error::StartError;

/// The limit of a request body, 16 MiB: more than any request of the API needs.
const MAX_BODY_SIZE: usize = 16 * 1024 * 1024;

/// A handler of requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Responds to a request. The body is `None` if it is too large or incomplete. If this returns `None`, the
    /// connection is reset.
    fn respond(
        self: Arc<Self>,
        parts: http::request::Parts,
        body: Option<Bytes>,
    ) -> impl Future<Output = Option<Response<Full<Bytes>>>> + Send;
}

/// A running server on a loopback port. It stops when it is dropped.
pub(crate) struct Listener {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Starts to listen on a port; 0 selects a free one.
    pub fn start<H: Handler>(port: u16, handler: Arc<H>) -> Result<Self, StartError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(StartError::at_port(port))?;
        let address = listener.local_addr().map_err(StartError::at_port(port))?;
        listener.set_nonblocking(true).map_err(StartError::at_port(port))?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("callrounded-mock".to_owned())
            .spawn(move || serve(listener, handler, stopped))
            .map_err(StartError::at_port(address.port()))?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until the server stops, which it does only on failure.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // The server's thread has already reported its own panic.
            let _ = thread.join();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may have stopped by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves connections in a runtime of its own, on a thread of its own: the caller may or may not have a runtime.
fn serve<H: Handler>(listener: TcpListener, handler: Arc<H>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return eprintln!("callrounded-mock: cannot start the tokio runtime: {error}"),
    };
    runtime.block_on(async move {
        tokio::select! {
            outcome = accept(listener, handler) => {
                if let Err(error) = outcome {
                    eprintln!("callrounded-mock: cannot accept connections: {error}");
                }
            }
            // Open connections are closed with the runtime.
            _ = stopped => {}
        }
    });
}

async fn accept<H: Handler>(listener: TcpListener, handler: Arc<H>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // The client may have disconnected, or too many files may be open: the next `accept` may succeed.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::spawn(connection(stream, Arc::clone(&handler)));
    }
}

async fn connection<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    // Responses are small, and the client waits for them.
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    // A second handle of the same socket, to set how it is closed.
    let Ok(handle) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    let handle = Arc::new(handle);
    let service = service_fn(move |request: Request<Incoming>| {
        let (handler, handle) = (Arc::clone(&handler), Arc::clone(&handle));
        async move {
            let (parts, body) = request.into_parts();
            let body = Limited::new(body, MAX_BODY_SIZE).collect().await;
            match handler.respond(parts, body.ok().map(|body| body.to_bytes())).await {
                Some(response) => Ok(response),
                None => {
                    // Closed at once, without waiting for unsent data, so the client sees a reset.
                    let _ = socket2::SockRef::from(&*handle).set_linger(Some(std::time::Duration::ZERO));
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
            }
        }
    });
    // The client sees how the connection ends, so an error here needs no report.
    let _ = hyper::server::conn::http1::Builder::new()
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
