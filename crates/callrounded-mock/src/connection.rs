//! Connections: each is served on its own, by HTTP/1.1, until it ends or is reset.

use std::{io, net::TcpListener, sync::Arc};

use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::oneshot};

use crate::{reply::Reply, service::Service};

/// More than any request of the API needs.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A runtime of its own on a thread of its own: the caller may have one or not.
pub(crate) fn serve(listener: TcpListener, service: Arc<Service>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return eprintln!("callrounded-mock: no runtime: {error}"),
    };
    runtime.block_on(async move {
        tokio::select! {
            outcome = accept(listener, service) => {
                if let Err(error) = outcome {
                    eprintln!("callrounded-mock: {error}");
                }
            }
            // Open connections end with the runtime: nobody is left to use them.
            _ = stopped => {}
        }
    });
}

async fn accept(listener: TcpListener, service: Arc<Service>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // Whoever connected may have gone again, or there may be too many open files: the next one may do better.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::spawn(connection(stream, Arc::clone(&service)));
    }
}

async fn connection(stream: TcpStream, service: Arc<Service>) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    // A second handle of the same socket, to say how it is closed.
    let Ok(handle) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    let handle = Arc::new(handle);
    let each = service_fn(move |request| {
        let (service, handle) = (Arc::clone(&service), Arc::clone(&handle));
        async move {
            match answer(&service, request).await {
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
        .serve_connection(TokioIo::new(stream), each)
        .await;
}

async fn answer(service: &Service, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await;
    let (outcome, number) = service.answer(parts, body.ok().map(|body| body.to_bytes()));
    if !outcome.delay.is_zero() {
        tokio::time::sleep(outcome.delay).await;
    }
    let Reply { status, headers, body } = outcome.reply?;
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().extend(headers);
    if let Ok(id) = HeaderValue::from_str(&format!("mock-{number}")) {
        response.headers_mut().insert("x-request-id", id);
    }
    Some(response)
}
