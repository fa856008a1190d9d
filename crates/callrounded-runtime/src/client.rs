//! The client, which sends operations and turns their outcomes into responses and errors.

use std::{fmt, pin::Pin, sync::Arc};

use crate::{
    Error, Numbered, Operation, OperationInfo, Page, PageStream, Paginated, Position, RawResponse, RequestOptions,
    Response, Transport,
    decode::Unwrapped,
    error_body::ReportedError,
    lenient::Decoded,
    send::{self, Outcome},
};

/// A client that sends operations over a [`Transport`]. Clones are cheap and share connections and retry budget.
///
/// The mode `M` is [`Async`] or `Blocking`.
#[derive(Clone)]
pub struct Client<M = Async> {
    transport: Arc<Transport>,
    #[cfg_attr(not(feature = "blocking"), allow(dead_code))]
    pub(crate) mode: M,
}

/// The mode of an asynchronous client. Requests must be awaited in a tokio runtime whose I/O and time drivers are
/// enabled, as `#[tokio::main]` does.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Async;

/// The mode of a client: asynchronous ([`Async`]) or `Blocking`.
pub trait Mode: Clone + Send + Sync + sealed::Sealed + 'static {}

impl Mode for Async {}

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Async {}
}

/// An operation whose arguments are valid, or the description of one whose arguments are invalid.
pub type Arguments<O> = Result<O, &'static OperationInfo>;

/// A future that sends a request and completes with its response.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send>>;

impl Client {
    /// Creates an asynchronous client.
    #[must_use]
    pub fn new(transport: Transport) -> Self {
        Self::in_mode(transport, Async)
    }

    /// Sends an operation. If `operation` is an `Err`, nothing is sent. The request fails with the problem that
    /// `options` has recorded (see [`RequestOptions::checked`]).
    pub fn send<O: Operation>(&self, operation: Arguments<O>, options: RequestOptions) -> Pending<O::Output> {
        self.start(operation, options)
    }

    /// Returns a stream of the pages of an operation, starting at its cursor, or at the first page if it has none.
    pub fn pages<O, T>(&self, operation: Arguments<O>, options: RequestOptions) -> PageStream<T>
    where
        O: Paginated + Operation<Output = Page<T>>,
        T: Send + Unpin + 'static,
    {
        self.start_pages(operation, options)
    }

    /// Requests the page with this number, counted from 1.
    pub fn page<O: Numbered>(
        &self,
        operation: Arguments<O>,
        number: u32,
        options: RequestOptions,
    ) -> Pending<O::Output> {
        self.start(
            operation.map(|operation| operation.at(Position::Number(number))),
            options,
        )
    }
}

impl<M> Client<M> {
    pub(crate) fn in_mode(transport: Transport, mode: M) -> Self {
        Self {
            transport: Arc::new(transport),
            mode,
        }
    }

    /// Returns the transport, which all requests share.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) fn start<O: Operation>(
        &self,
        operation: Arguments<O>,
        mut options: RequestOptions,
    ) -> Pending<O::Output> {
        let transport = Arc::clone(&self.transport);
        Box::pin(async move {
            let info = match &operation {
                Ok(operation) => operation.info(),
                Err(info) => info,
            };
            let prepared = match (operation, options.problem.take()) {
                (Ok(operation), None) => operation.request(&transport),
                (_, problem) => Err(Error::invalid_input(problem.unwrap_or_default())),
            };
            let request = prepared.map_err(|error| error.in_operation(info.id()))?;
            let mut outcome = send::run(&transport, &options, request, info).await;
            let sent = outcome.request.take();
            let (attempts, retry_after) = (outcome.attempts, outcome.retry_after);
            response_of::<O>(outcome, info).map_err(|error| {
                let error = error.in_operation(info.id()).with_attempts(attempts, retry_after);
                error.scrubbed(&transport.key, sent.as_ref(), info)
            })
        })
    }

    pub(crate) fn start_pages<O, T>(&self, operation: Arguments<O>, options: RequestOptions) -> PageStream<T>
    where
        O: Paginated + Operation<Output = Page<T>>,
        T: Send + Unpin + 'static,
        M: Sized,
    {
        let client = Client {
            transport: Arc::clone(&self.transport),
            mode: Async,
        };
        let prefetch = options.prefetch;
        let (info, first) = match &operation {
            Ok(operation) => (operation.info(), operation.first_cursor()),
            Err(info) => (*info, None),
        };
        let fetch = move |position| {
            let operation = operation.clone().map(|operation| operation.at(position));
            client.start(operation, options.clone())
        };
        PageStream::new(info, Box::new(fetch), first, prefetch)
    }
}

/// Converts an outcome into a response. Any status from 200 to 299 is a success, even if the document does not list it.
fn response_of<O: Operation>(outcome: Outcome, info: &'static OperationInfo) -> Result<Response<O::Output>, Error> {
    let Outcome {
        attempts,
        response,
        failure,
        unknown,
        connected_before,
        earlier_response,
        ..
    } = outcome;
    match (response, failure) {
        (Some(response), failure) if !response.status.is_success() => {
            Err(Error::unsuccessful(response, failure, unknown, info.data().is_some()))
        }
        (Some(response), None) => decoded::<O>(response, attempts, info),
        (response, Some(failure)) => {
            let error = Error::incomplete(failure, response.as_deref(), unknown, connected_before);
            Err(error.with_response(response.or(earlier_response)))
        }
        // Unreachable: an attempt without a response has a failure.
        (None, None) => Err(Error::invalid_input("the request ended without a response")),
    }
}

/// Decodes a successful response.
pub(crate) fn decoded<O: Operation>(
    response: Arc<RawResponse>,
    attempts: u32,
    info: &'static OperationInfo,
) -> Result<Response<O::Output>, Error> {
    let Decoded { value, skipped } = match O::decode(info, &response.body) {
        Ok(decoded) => decoded,
        Err(reason) => return Err(Error::undecodable(response, reason)),
    };
    if info.may_lack_data() {
        let reported = ReportedError::parse(&response.body);
        if reported.has_error && !reported.has_data {
            return Err(Error::without_data(response, reported));
        }
    }
    let Unwrapped { data, message } = value;
    let mut response = Response::new(data, message, skipped, response, attempts, O::as_debug);
    O::complete(&mut response);
    Ok(response)
}

/// Omits API key and headers.
impl<M> fmt::Debug for Client<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transport.fmt(f)
    }
}
