//! Listening on this machine. Connections are served each on its own, by HTTP/1.1, until they end or are reset.

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

use crate::server::StartError;

/// More than any request of the API needs.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// What answers the requests that come.
pub(crate) trait Handler: Send + Sync + 'static {
    /// The answer to a request, the body of which is `None` where it is too large or did not come whole. Without an answer
    /// the connection is reset.
    fn answer(
        self: Arc<Self>,
        parts: http::request::Parts,
        body: Option<Bytes>,
    ) -> impl Future<Output = Option<Response<Full<Bytes>>>> + Send;
}

/// A port of this machine that is listened on, until this is dropped.
pub(crate) struct Listening {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// Listens on a port, a free one for 0.
    pub fn on<H: Handler>(port: u16, handler: Arc<H>) -> Result<Self, StartError> {
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

    /// Waits until it ends, which it does only where it fails.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic in the server's thread has been reported there.
            let _ = thread.join();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A runtime of its own on a thread of its own: the caller may have one or not.
fn serve<H: Handler>(listener: TcpListener, handler: Arc<H>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return eprintln!("callrounded-mock: no runtime: {error}"),
    };
    runtime.block_on(async move {
        tokio::select! {
            outcome = accept(listener, handler) => {
                if let Err(error) = outcome {
                    eprintln!("callrounded-mock: {error}");
                }
            }
            // Open connections end with the runtime: nobody is left to use them.
            _ = stopped => {}
        }
    });
}

async fn accept<H: Handler>(listener: TcpListener, handler: Arc<H>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // Whoever connected may have gone again, or there may be too many open files: the next one may do better.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::spawn(connection(stream, Arc::clone(&handler)));
    }
}

async fn connection<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    // A second handle of the same socket, to say how it is closed.
    let Ok(handle) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    let handle = Arc::new(handle);
    let each = service_fn(move |request: Request<Incoming>| {
        let (handler, handle) = (Arc::clone(&handler), Arc::clone(&handle));
        async move {
            let (parts, body) = request.into_parts();
            let body = Limited::new(body, LARGEST_BODY).collect().await;
            match handler.answer(parts, body.ok().map(|body| body.to_bytes())).await {
                Some(response) => Ok(response),
                None => {
                    // Closed at once, without waiting for what is still to be sent: the other side sees a reset.
                    let _ = socket2::SockRef::from(&*handle).set_linger(Some(std::time::Duration::ZERO));
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
            }
        }
    });
    // How a connection ends is the business of who asked for it.
    let _ = hyper::server::conn::http1::Builder::new()
        .half_close(true)
        .serve_connection(TokioIo::new(stream), each)
        .await;
}
