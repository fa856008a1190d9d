//! Streams that page through a list: page by page, or item by item.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use crate::{Error, OperationInfo, Page, Position, Response, client::Pending};

/// A function that returns the future of a page.
type Fetch<T> = Box<dyn Fn(Position) -> Pending<Page<T>> + Send>;

/// A stream of the pages of a list, by cursor. It implements `futures_core::Stream`.
///
/// It ends after the last page, which has no next cursor, or after an error. Pass the error's
/// [`resume_cursor`](Error::resume_cursor) to `.cursor(…)` to continue. If the service sends a cursor for the second
/// time, the stream ends with [`ErrorKind::RepeatedCursor`](crate::ErrorKind::RepeatedCursor).
#[must_use = "a stream fetches nothing until it is polled"]
pub struct PageStream<T> {
    operation: &'static OperationInfo,
    fetch: Fetch<T>,
    prefetch: bool,
    next: Next<T>,
    seen: HashSet<String>,
}

/// The state of the next page.
enum Next<T> {
    /// The page at this cursor has not been requested.
    At(Option<String>),
    /// The page at this cursor is being fetched.
    Fetching(Option<String>, Pending<Page<T>>),
    /// The page was fetched in advance.
    Fetched(Box<Result<Response<Page<T>>, Error>>),
    /// There is no further page.
    End,
}

impl<T: Send + Unpin + 'static> PageStream<T> {
    pub(crate) fn new(
        operation: &'static OperationInfo,
        fetch: Fetch<T>,
        first: Option<String>,
        prefetch: bool,
    ) -> Self {
        Self {
            operation,
            fetch,
            prefetch,
            seen: first.iter().cloned().collect(),
            next: Next::At(first),
        }
    }

    /// Returns the next page, or `None` at the end. It is the same as `StreamExt::next` of the crate `futures`.
    pub async fn next(&mut self) -> Option<Result<Response<Page<T>>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Converts the stream into one of items, starting with those of the next page.
    pub fn items(self) -> ItemStream<T> {
        ItemStream {
            pages: self,
            page: VecDeque::new(),
        }
    }

    /// Polls the next page in advance, if prefetching is on and there is a next page. The result is kept for the next
    /// poll.
    fn fetch_ahead(&mut self, context: &mut Context<'_>) {
        if self.prefetch
            && !matches!(self.next, Next::End | Next::Fetched(_))
            && let Poll::Ready(outcome) = self.poll_fetch(context)
        {
            self.next = Next::Fetched(Box::new(outcome));
        }
    }

    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Result<Response<Page<T>>, Error>> {
        if let Next::At(cursor) = &self.next {
            let cursor = cursor.clone();
            let fetch = (self.fetch)(Position::Cursor(cursor.clone()));
            // A page that is fetched in advance must make progress while the caller is busy, or it would time out.
            let fetch = if self.prefetch { spawn(fetch) } else { fetch };
            self.next = Next::Fetching(cursor, fetch);
        }
        match &mut self.next {
            Next::Fetching(cursor, fetch) => {
                let cursor = cursor.clone();
                let outcome = fetch.as_mut().poll(context);
                outcome.map(|outcome| outcome.map_err(|error| error.with_resume_cursor(cursor)))
            }
            // Unreachable: this is polled only if there is a page to fetch.
            _ => Poll::Pending,
        }
    }

    /// Returns the state after this page.
    fn after(&mut self, page: &Response<Page<T>>) -> Result<Next<T>, Error> {
        let Some(cursor) = &page.next_cursor else {
            return Ok(Next::End);
        };
        if self.seen.insert(cursor.clone()) {
            Ok(Next::At(Some(cursor.clone())))
        } else {
            let mut error = Error::repeated_cursor().in_operation(self.operation.id());
            error.set_containing_response(page.raw(), page.attempts());
            Err(error)
        }
    }
}

impl<T> Response<Page<T>> {
    /// Adds the response to the errors of items that cannot be decoded.
    #[doc(hidden)]
    pub fn complete_item_errors(&mut self) {
        let (raw, attempts) = (std::sync::Arc::clone(self.raw()), self.attempts());
        for error in self.data_mut().items.iter_mut().filter_map(|item| item.as_mut().err()) {
            error.set_containing_response(&raw, attempts);
        }
    }
}

/// Runs a future in a task, which is aborted when the returned future is dropped. Without a runtime, returns the future
/// itself.
fn spawn<T: Send + 'static>(fetch: Pending<Page<T>>) -> Pending<Page<T>> {
    struct Task<T>(tokio::task::JoinHandle<Result<Response<Page<T>>, Error>>);
    impl<T> Drop for Task<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return fetch;
    };
    let mut task = Task(runtime.spawn(fetch));
    Box::pin(async move {
        match (&mut task.0).await {
            Ok(outcome) => outcome,
            // A panic, such as one in a hook, reaches the caller as it would without the task.
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => {
                Err(Error::invalid_input("the runtime was shut down while a page was fetched").caused_by(error))
            }
        }
    })
}

impl<T: Send + Unpin + 'static> Stream for PageStream<T> {
    type Item = Result<Response<Page<T>>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let outcome = match std::mem::replace(&mut this.next, Next::End) {
            Next::End => return Poll::Ready(None),
            Next::Fetched(outcome) => *outcome,
            fetching => {
                this.next = fetching;
                match this.poll_fetch(context) {
                    Poll::Ready(outcome) => outcome,
                    Poll::Pending => return Poll::Pending,
                }
            }
        };
        this.next = Next::End;
        if let Ok(page) = &outcome {
            this.next = match this.after(page) {
                Ok(next) => next,
                // The page is valid. The stream returns the error after it.
                Err(error) => Next::Fetched(Box::new(Err(error))),
            };
            this.fetch_ahead(context);
        }
        Poll::Ready(Some(outcome))
    }
}

/// Shows only the operation.
impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("operation", &self.operation.id())
            .finish_non_exhaustive()
    }
}

/// A stream of the items of a list, over all pages by cursor. It implements `futures_core::Stream`.
///
/// There are two kinds of errors. If an item cannot be decoded, the error has an [`item`](Error::item), and the stream
/// continues. If a page cannot be fetched, the stream ends with an error after all items of the pages before. Pass the
/// error's [`resume_cursor`](Error::resume_cursor) to `.cursor(…)` to continue.
#[must_use = "a stream fetches nothing until it is polled"]
pub struct ItemStream<T> {
    pages: PageStream<T>,
    page: VecDeque<Result<T, Error>>,
}

impl<T: Send + Unpin + 'static> ItemStream<T> {
    /// Returns the next item, or `None` at the end. It is the same as `StreamExt::next` of the crate `futures`.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: Send + Unpin + 'static> Stream for ItemStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                if !self.page.is_empty() {
                    self.pages.fetch_ahead(context);
                }
                return Poll::Ready(Some(item));
            }
            match Pin::new(&mut self.pages).poll_next(context) {
                Poll::Ready(Some(Ok(page))) => self.page = page.into_inner().items.into(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// Shows only the operation.
impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("operation", &self.pages.operation.id())
            .finish_non_exhaustive()
    }
}
