//! Walking calls: page by page, or call by call.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use crate::{
    answer::Answer,
    error::Error,
    list::{At, ListCalls},
    page::Page,
    types::Call,
};

type Fetch = Pin<Box<dyn Future<Output = Result<Answer<Page>, Error>> + Send>>;

/// The pages of a walk by cursor, as a [`Stream`].
///
/// It ends after the last page, which is one without a cursor to the next, or after an error. Such an error carries the
/// cursor to go on from: [`Error::resume_cursor`]. A cursor that comes a second time is an error, not an endless walk.
pub struct PageStream {
    list: ListCalls,
    next: Next,
    seen: HashSet<String>,
}

enum Next {
    /// The page that begins here is to be fetched.
    At(Option<String>),
    Fetching(Option<String>, Fetch),
    /// It was fetched ahead.
    Fetched(Box<Result<Answer<Page>, Error>>),
    End,
}

impl PageStream {
    pub(crate) fn new(list: ListCalls) -> Self {
        let first = list.first_cursor();
        Self {
            seen: first.iter().cloned().collect(),
            next: Next::At(first),
            list,
        }
    }

    /// The next page. (What [`Stream`] gives, for who has no use for a crate of stream helpers.)
    pub async fn next(&mut self) -> Option<Result<Answer<Page>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Fetches ahead, if that is wanted and there is something to fetch. Nothing is lost: what comes is kept.
    fn fetch_ahead(&mut self, context: &mut Context<'_>) {
        if self.list.prefetches()
            && !matches!(self.next, Next::End | Next::Fetched(_))
            && let Poll::Ready(outcome) = self.poll_fetch(context)
        {
            self.next = Next::Fetched(Box::new(outcome));
        }
    }

    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Result<Answer<Page>, Error>> {
        if let Next::At(cursor) = &self.next {
            let cursor = cursor.clone();
            let fetch = self.list.fetch(At::Cursor(cursor.clone()));
            // A page that is fetched ahead must not wait for the reader to ask, or its time would run out meanwhile.
            let fetch = if self.list.prefetches() {
                on_its_own(fetch)
            } else {
                fetch
            };
            self.next = Next::Fetching(cursor, fetch);
        }
        match &mut self.next {
            Next::Fetching(cursor, fetch) => {
                let cursor = cursor.clone();
                fetch
                    .as_mut()
                    .poll(context)
                    .map(|outcome| outcome.map_err(|error| error.resuming_at(cursor)))
            }
            // Asked for only where there is something to fetch.
            _ => Poll::Pending,
        }
    }

    /// What comes after this page.
    fn after(&mut self, page: &Answer<Page>) -> Result<Next, Error> {
        let Some(cursor) = &page.next_cursor else {
            return Ok(Next::End);
        };
        if self.seen.insert(cursor.clone()) {
            Ok(Next::At(Some(cursor.clone())))
        } else {
            let mut error = Error::repeated_cursor();
            error.has_seen(page.raw(), page.attempts());
            Err(error)
        }
    }
}

/// Runs the fetch in a task, which ends with the walk. Where there is no runtime it runs when it is asked for.
fn on_its_own(fetch: Fetch) -> Fetch {
    struct Task(tokio::task::JoinHandle<Result<Answer<Page>, Error>>);
    impl Drop for Task {
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
            // What panics there, such as a hook, panics here, as it would without the task.
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(ended) => Err(Error::invalid_input("the runtime ended while a page was fetched").caused_by(ended)),
        }
    })
}

impl Stream for PageStream {
    type Item = Result<Answer<Page>, Error>;

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
                // The page itself is good; what is wrong comes after it.
                Err(error) => Next::Fetched(Box::new(Err(error))),
            };
            this.fetch_ahead(context);
        }
        Poll::Ready(Some(outcome))
    }
}

impl fmt::Debug for PageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("list", &self.list)
            .finish_non_exhaustive()
    }
}

/// The calls of a walk by cursor, as a [`Stream`].
///
/// An error is one of two things. Either one call could not be read: it has [`Error::item`], and the walk goes on. Or the
/// next page could not be had: all calls before it have been given, [`Error::resume_cursor`] says where to go on, and the
/// walk has ended.
#[derive(Debug)]
pub struct CallStream {
    pages: PageStream,
    page: VecDeque<Result<Call, Error>>,
}

impl CallStream {
    pub(crate) fn new(pages: PageStream) -> Self {
        Self {
            pages,
            page: VecDeque::new(),
        }
    }

    /// The next call. (What [`Stream`] gives, for who has no use for a crate of stream helpers.)
    pub async fn next(&mut self) -> Option<Result<Call, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for CallStream {
    type Item = Result<Call, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(call) = self.page.pop_front() {
                if !self.page.is_empty() {
                    self.pages.fetch_ahead(context);
                }
                return Poll::Ready(Some(call));
            }
            match Pin::new(&mut self.pages).poll_next(context) {
                Poll::Ready(Some(Ok(page))) => self.page = page.into_inner().calls.into(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
