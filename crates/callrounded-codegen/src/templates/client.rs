/// A client of the API, with a method for each group of operations. Clones are cheap and share connections and retry budget.
#[derive(Clone)]
pub struct Client<M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
}

impl Client {
    /// A client whose requests are awaited.
    #[must_use]
    pub fn new(transport: ::callrounded_runtime::Transport) -> Self {
        Self {
            client: ::callrounded_runtime::Client::new(transport),
        }
    }
}

#[cfg(feature = "blocking")]
impl Client<::callrounded_runtime::Blocking> {
    /// A client whose requests are waited for.
    ///
    /// # Errors
    /// `ErrorKind::Configuration` if no thread can be started.
    pub fn blocking(
        transport: ::callrounded_runtime::Transport,
    ) -> ::std::result::Result<Self, ::callrounded_runtime::Error> {
        ::callrounded_runtime::Client::blocking(transport).map(|client| Self { client })
    }
}

impl<M> Client<M> {
    /// Returns the client underneath, which sends any operation.
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

/// A request for the operation `O` that has not been sent yet. Await it to send it; with a blocking client, call `send`.
///
/// Invalid values that were passed in are reported when it is sent; nothing is sent then.
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct Request<O, M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
    operation: ::std::result::Result<O, &'static ::callrounded_runtime::OperationInfo>,
    options: ::callrounded_runtime::RequestOptions,
}

impl<O, M> Request<O, M> {
    /// Limits the time of this request, over all attempts and the waits between them.
    pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Limits the time of each attempt.
    pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_attempt_timeout(timeout);
        self
    }

    /// Limits how often this request may be retried.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.set_max_retries(retries);
        self
    }

    /// Sets whether this request may be retried after a 429 response even if its operation is not idempotent. Such a response
    /// means that the service did not perform it. Idempotent operations are retried anyway.
    pub fn retry_rate_limited(mut self, retry: bool) -> Self {
        self.options.set_retry_rate_limited(retry);
        self
    }

    /// Adds a header, which replaces one that the client has by the same name. The API key, and headers that the client needs
    /// for itself, cannot be set.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.set_header(self.client.transport(), name, value);
        self
    }
}

#[allow(dead_code)]
impl<O, M: ::callrounded_runtime::Mode> Request<O, M> {
    fn new_(client: &::callrounded_runtime::Client<M>, operation: O, options: ::callrounded_runtime::RequestOptions) -> Self {
        Self {
            client: client.clone(),
            operation: ::std::result::Result::Ok(operation),
            options,
        }
    }

    /// A request that fails with the problem that the options have noted.
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
    /// Sets whether the next page is fetched while the current one is read. Two pages are in memory then instead of one.
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
    /// Streams every item, over all pages.
    pub fn stream(self) -> ::callrounded_runtime::ItemStream<T> {
        self.pages().items()
    }

    /// Streams every page.
    pub fn pages(self) -> ::callrounded_runtime::PageStream<T> {
        self.client.pages(self.operation, self.options)
    }
}

impl<O: ::callrounded_runtime::Numbered> Request<O> {
    /// Requests the page with this number, counted from 1.
    ///
    /// # Errors
    /// Any `ErrorKind` except `Configuration`. With `InvalidInput` nothing was sent.
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
    /// Any `ErrorKind`; `Configuration` inside an asynchronous runtime.
    pub fn send(self) -> ::std::result::Result<::callrounded_runtime::Response<O::Output>, ::callrounded_runtime::Error> {
        self.client.send(self.operation, self.options)
    }
}

#[cfg(feature = "blocking")]
impl<O, T> Request<O, ::callrounded_runtime::Blocking>
where
    O: ::callrounded_runtime::Paginated + ::callrounded_runtime::Operation<Output = ::callrounded_runtime::Page<T>>,
    T: Send + Unpin + 'static,
{
    /// Iterates over every item, over all pages.
    pub fn items(self) -> ::callrounded_runtime::ItemIter<T> {
        self.pages().items()
    }

    /// Iterates over every page.
    pub fn pages(self) -> ::callrounded_runtime::PageIter<T> {
        self.client.pages(self.operation, self.options)
    }
}

#[cfg(feature = "blocking")]
impl<O: ::callrounded_runtime::Numbered> Request<O, ::callrounded_runtime::Blocking> {
    /// Requests the page with this number, counted from 1, and waits for it.
    ///
    /// # Errors
    /// Any `ErrorKind`; `Configuration` inside an asynchronous runtime.
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
