/// A client of the API, with a method for each group of operations. Clones are cheap and share connections and retry
/// budget.
#[derive(Clone)]
pub struct Client<M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
}

impl Client {
    /// Creates an asynchronous client, whose requests are awaited.
    #[must_use]
    pub fn new(transport: ::callrounded_runtime::Transport) -> Self {
        Self {
            client: ::callrounded_runtime::Client::new(transport),
        }
    }
}

#[cfg(feature = "blocking")]
impl Client<::callrounded_runtime::Blocking> {
    /// Creates a blocking client, whose requests are sent by `send`.
    ///
    /// # Errors
    /// Returns `ErrorKind::Configuration` if no thread can be started.
    pub fn blocking(
        transport: ::callrounded_runtime::Transport,
    ) -> ::std::result::Result<Self, ::callrounded_runtime::Error> {
        ::callrounded_runtime::Client::blocking(transport).map(|client| Self { client })
    }
}

impl<M> Client<M> {
    /// Returns the underlying client. It sends any operation, such as an `AnyOperation`:
    /// `client.runtime().send(Ok(operation), options)`.
    #[must_use]
    pub fn runtime(&self) -> &::callrounded_runtime::Client<M> {
        &self.client
    }
}

/// Does not show the API key.
impl<M> ::std::fmt::Debug for Client<M> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.client.fmt(f)
    }
}

/// A request for the operation `O` that has not been sent yet. Awaiting it sends it and returns
/// `Result<Response<O::Output>, Error>`. With a blocking client, call `send`.
///
/// If a value that was passed in is invalid, awaiting or sending the request returns `ErrorKind::InvalidInput`, and
/// nothing is sent.
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct Request<O, M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
    operation: ::std::result::Result<O, &'static ::callrounded_runtime::OperationInfo>,
    options: ::callrounded_runtime::RequestOptions,
}

impl<O, M> Request<O, M> {
    /// Sets the time limit of this request, for all attempts and the delays between them. It must be greater than
    /// zero. The default is that of the client.
    pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Sets the time limit of each attempt. It must be greater than zero. The default is that of the client.
    pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_attempt_timeout(timeout);
        self
    }

    /// Sets the maximum number of retries of this request. The default is that of the client.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.set_max_retries(retries);
        self
    }

    /// Sets whether this request is retried after a 429 response even if its operation is not idempotent. Such a
    /// response means that the service did not perform the operation. Idempotent operations are retried in any case.
    /// The default is false.
    pub fn retry_rate_limited(mut self, retry: bool) -> Self {
        self.options.set_retry_rate_limited(retry);
        self
    }

    /// Sets a header, which replaces a header of the client with the same name. The API key, and headers that the
    /// client sets itself, cannot be set: sending the request then returns `ErrorKind::InvalidInput`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.set_header(self.client.transport(), name, value);
        self
    }
}

#[allow(dead_code)]
impl<O, M: ::callrounded_runtime::Mode> Request<O, M> {
    fn new_(
        client: &::callrounded_runtime::Client<M>,
        operation: O,
        options: ::callrounded_runtime::RequestOptions,
    ) -> Self {
        Self {
            client: client.clone(),
            operation: ::std::result::Result::Ok(operation),
            options,
        }
    }

    /// Creates a request that fails with the error that is recorded in the options.
    fn invalid_(
        client: &::callrounded_runtime::Client<M>,
        operation: &'static ::callrounded_runtime::OperationInfo,
        options: ::callrounded_runtime::RequestOptions,
    ) -> Self {
        Self {
            client: client.clone(),
            operation: ::std::result::Result::Err(operation),
            options,
        }
    }
}

impl<O: ::callrounded_runtime::Operation> ::std::future::IntoFuture for Request<O> {
    type Output = ::std::result::Result<::callrounded_runtime::Response<O::Output>, ::callrounded_runtime::Error>;
    type IntoFuture = ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.client.send(self.operation, self.options)
    }
}

impl<O: ::callrounded_runtime::Paginated, M> Request<O, M> {
    /// Sets whether the next page is fetched while the current one is read. This keeps two pages in memory instead of
    /// one. The default is false.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.options.set_prefetch(prefetch);
        self
    }
}

impl<O, T> Request<O>
where
    O: ::callrounded_runtime::Paginated + ::callrounded_runtime::Operation<Output = ::callrounded_runtime::Page<T>>,
    T: Send + Unpin + 'static,
{
    /// Returns a stream of the items of all pages. `ItemStream` describes its errors.
    pub fn stream(self) -> ::callrounded_runtime::ItemStream<T> {
        self.pages().items()
    }

    /// Returns a stream of the pages. `PageStream` describes its errors.
    pub fn pages(self) -> ::callrounded_runtime::PageStream<T> {
        self.client.pages(self.operation, self.options)
    }
}

impl<O: ::callrounded_runtime::Numbered> Request<O> {
    /// Requests the page with this number, counted from 1.
    ///
    /// # Errors
    /// Returns any `ErrorKind` except `Configuration`. If it is `InvalidInput`, such as for page 0, nothing was sent.
    pub fn page(
        mut self,
        number: u32,
    ) -> impl ::std::future::IntoFuture<
        Output = ::std::result::Result<::callrounded_runtime::Response<O::Output>, ::callrounded_runtime::Error>,
        IntoFuture: Send,
    > {
        self.options.check_page(number);
        self.client.page(self.operation, number, self.options)
    }
}

#[cfg(feature = "blocking")]
impl<O: ::callrounded_runtime::Operation> Request<O, ::callrounded_runtime::Blocking> {
    /// Sends the request and waits for its response.
    ///
    /// # Errors
    /// Returns any `ErrorKind`. It is `Configuration` inside an asynchronous runtime.
    pub fn send(
        self,
    ) -> ::std::result::Result<::callrounded_runtime::Response<O::Output>, ::callrounded_runtime::Error> {
        self.client.send(self.operation, self.options)
    }
}

#[cfg(feature = "blocking")]
impl<O, T> Request<O, ::callrounded_runtime::Blocking>
where
    O: ::callrounded_runtime::Paginated + ::callrounded_runtime::Operation<Output = ::callrounded_runtime::Page<T>>,
    T: Send + Unpin + 'static,
{
    /// Returns an iterator over the items of all pages. `ItemIter` describes its errors.
    pub fn items(self) -> ::callrounded_runtime::ItemIter<T> {
        self.pages().items()
    }

    /// Returns an iterator over the pages. `PageIter` describes its errors.
    pub fn pages(self) -> ::callrounded_runtime::PageIter<T> {
        self.client.pages(self.operation, self.options)
    }
}

#[cfg(feature = "blocking")]
impl<O: ::callrounded_runtime::Numbered> Request<O, ::callrounded_runtime::Blocking> {
    /// Requests the page with this number, counted from 1, and waits for it.
    ///
    /// # Errors
    /// Returns any `ErrorKind`. It is `Configuration` inside an asynchronous runtime.
    pub fn page(
        mut self,
        number: u32,
    ) -> ::std::result::Result<::callrounded_runtime::Response<O::Output>, ::callrounded_runtime::Error> {
        self.options.check_page(number);
        self.client.page(self.operation, number, self.options)
    }
}

/// Shows neither parameters nor body, which may be personal data.
impl<O, M> ::std::fmt::Debug for Request<O, M> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("Request")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
