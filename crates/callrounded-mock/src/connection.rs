//! The HTTP/1.1 server on loopback. Each connection is served by a task of its own until it ends or is reset.

use std::{
    fmt,
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{Domain, SockRef, Socket, Type};
use tokio::{
    net::TcpStream,
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::error::StartError;

/// The limit of a request body, 16 MiB: more than any request of the API needs.
const MAX_BODY_SIZE: usize = 16 * 1024 * 1024;

/// How long a client may take to send the head of its next request, and then the body. Without a limit, connections
/// of clients that disappeared would remain open.
const READ_TIMEOUT: Duration = if cfg!(test) {
    Duration::from_millis(50)
} else {
    Duration::from_secs(30)
};

/// How many connections wait to be accepted. The system may limit it further.
const QUEUE_LENGTH: i32 = 4_096;

/// The pause before connections are accepted again, if no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A handler of requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Responds to a request. If this returns `None`, the connection is reset.
    fn respond(
        self: Arc<Self>,
        parts: http::request::Parts,
        body: Result<Bytes, BodyError>,
    ) -> impl Future<Output = Option<Response<Full<Bytes>>>> + Send;
}

/// Why the body of a request could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLarge,
    TooSlow,
    Incomplete,
}

impl BodyError {
    /// Returns the status of the response.
    pub fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::Incomplete => 400,
        }
    }

    /// Returns the type of the error in the response.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large",
            Self::TooSlow => "body_timeout",
            Self::Incomplete => "incomplete_body",
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the request body is larger than {} MiB", MAX_BODY_SIZE / 1024 / 1024),
            Self::TooSlow => write!(f, "the request body did not arrive within {} s", READ_TIMEOUT.as_secs()),
            Self::Incomplete => f.write_str("the request body is incomplete"),
        }
    }
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
        let listener = listen(port).map_err(StartError::at_port(port))?;
        let address = listener.local_addr().map_err(StartError::at_port(port))?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            // Linux keeps 15 characters of a name.
            .name(format!("mock-{}", address.port()))
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

/// Like `TcpListener::bind`, with a longer queue: a client whose connection finds it full tries again only after a second.
fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // On Windows, this would let another program use the same port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.listen(QUEUE_LENGTH)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
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
    let mut is_exhausted = false;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                is_exhausted = false;
                tokio::spawn(connection(stream, Arc::clone(&handler)));
            }
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                if !std::mem::replace(&mut is_exhausted, true) {
                    eprintln!("callrounded-mock: cannot accept connections, tries again until it can: {error}");
                }
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Returns whether an error of `accept` concerns only one connection, whose client has disconnected.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

async fn connection<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    // Responses are small, and the client waits for them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let handler = Arc::clone(&handler);
        // Boxed, since the connection is polled by reference.
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let response = handler.respond(parts, read(body).await).await;
            response.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionReset))
        })
    });
    let mut connection = http1::Builder::new()
        .half_close(true)
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    // The client sees how the connection ends, so other errors need no report.
    if (&mut connection).await.is_err_and(|error| error.is_user()) {
        // Closed at once, without waiting for unsent data, so the client sees a reset.
        let _ = SockRef::from(connection.into_parts().io.inner()).set_linger(Some(Duration::ZERO));
    }
}

async fn read(body: Incoming) -> Result<Bytes, BodyError> {
    match timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY_SIZE).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::Incomplete),
        Err(_) => Err(BodyError::TooSlow),
    }
}

#[cfg(test)]
mod tests;
