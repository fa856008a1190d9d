//! The blocking client, which runs requests in its own runtime and waits for them.

use std::{fmt, iter::FusedIterator, sync::Arc};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    Client, Error, ItemStream, Mode, Numbered, Operation, Page, PageStream, Paginated, Position, RequestOptions,
    Response, Transport,
    client::{Arguments, sealed::Sealed},
};

/// The mode of a blocking client (feature `blocking`). Its requests run in a runtime with one thread, and the caller waits for them.
#[derive(Clone)]
pub struct Blocking(Arc<Executor>);

impl Mode for Blocking {}
impl Sealed for Blocking {}

/// A runtime with one thread. It keeps connections open and prefetches pages between requests.
struct Executor(Option<Runtime>);

impl Blocking {
    fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("blocking-client")
            .enable_all()
            .build();
        let runtime = runtime
            .map_err(|error| Error::configuration("the blocking client cannot start a thread").caused_by(error))?;
        Ok(Self(Arc::new(Executor(Some(runtime)))))
    }

    /// Waits for a future. Inside an asynchronous runtime this is an error, since it would block the runtime.
    fn wait<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match &self.0.0 {
            Some(runtime) if Handle::try_current().is_err() => runtime.block_on(future),
            _ => Err(Error::configuration(
                "the blocking client cannot be used inside an asynchronous runtime; use the asynchronous client there, or a \
                 separate thread",
            )),
        }
    }
}

/// Shuts down in the background. A client may be dropped inside an asynchronous runtime, where waiting for the thread
/// would panic.
impl Drop for Executor {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}

impl Client<Blocking> {
    /// Creates a blocking client. The HTTP client of `transport` must not be used elsewhere, because connections belong
    /// to the runtime that made them.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if no thread can be started.
    pub fn blocking(transport: Transport) -> Result<Self, Error> {
        Ok(Self::in_mode(transport, Blocking::new()?))
    }

    /// Sends an operation and waits for its response.
    ///
    /// # Errors
    /// If the operation fails. Inside an asynchronous runtime always, with the kind
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration).
    pub fn send<O: Operation>(
        &self,
        operation: Arguments<O>,
        options: RequestOptions,
    ) -> Result<Response<O::Output>, Error> {
        self.mode.wait(self.start(operation, options))
    }

    /// Returns an iterator over the pages of an operation, starting at its cursor, or at the first page if it has none.
    pub fn pages<O, T>(&self, operation: Arguments<O>, options: RequestOptions) -> PageIter<T>
    where
        O: Paginated + Operation<Output = Page<T>>,
        T: Send + Unpin + 'static,
    {
        PageIter {
            stream: Some(self.start_pages(operation, options)),
            mode: self.mode.clone(),
        }
    }

    /// Requests the page with this number, counted from 1, and waits for it.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn page<O: Numbered>(
        &self,
        operation: Arguments<O>,
        number: u32,
        options: RequestOptions,
    ) -> Result<Response<O::Output>, Error> {
        self.mode.wait(self.start(
            operation.map(|operation| operation.at(Position::Number(number))),
            options,
        ))
    }
}

impl<T: Send + Unpin + 'static> PageIter<T> {
    /// Converts the iterator into one of items, starting with those of the next page.
    pub fn items(self) -> ItemIter<T> {
        ItemIter {
            stream: self.stream.map(PageStream::items),
            mode: self.mode,
        }
    }
}

/// Defines an iterator over a stream. It ends with the stream, or after an error of waiting for it.
macro_rules! iterator {
    ($(#[doc = $doc:literal])* $name:ident, $stream:ident, $item:ty) => {
        $(#[doc = $doc])*
        #[must_use = "an iterator fetches nothing until it is advanced"]
        pub struct $name<T> {
            stream: Option<$stream<T>>,
            mode: Blocking,
        }

        impl<T: Send + Unpin + 'static> Iterator for $name<T> {
            type Item = Result<$item, Error>;

            fn next(&mut self) -> Option<Self::Item> {
                let stream = self.stream.as_mut()?;
                let next = self.mode.wait(async { Ok(stream.next().await) }).unwrap_or_else(|error| {
                    self.stream = None;
                    Some(Err(error))
                });
                if next.is_none() {
                    self.stream = None;
                }
                next
            }
        }

        impl<T: Send + Unpin + 'static> FusedIterator for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

iterator! {
    /// An iterator over the items of a list, over all pages by cursor. Errors are those of [`ItemStream`].
    ItemIter, ItemStream, T
}

iterator! {
    /// An iterator over the pages of a list, by cursor. Errors are those of [`PageStream`].
    PageIter, PageStream, Response<Page<T>>
}
