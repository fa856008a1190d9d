//! Walks that are waited for, as iterators.

use std::{fmt, iter::FusedIterator, sync::Arc};

use super::runtime::Runtime;
use crate::{
    answer::Answer,
    error::Error,
    page::Page,
    pages::{CallStream, PageStream},
    types::Call,
};

/// Makes an iterator of a stream. It ends as the stream does, and after an error of the wait itself.
macro_rules! walk {
    ($(#[doc = $doc:literal])* $name:ident, $stream:ident, $item:ty) => {
        $(#[doc = $doc])*
        #[must_use = "nothing is fetched until it is asked for"]
        pub struct $name {
            stream: Option<$stream>,
            runtime: Arc<Runtime>,
        }

        impl $name {
            pub(super) fn new(stream: $stream, runtime: Arc<Runtime>) -> Self {
                Self { stream: Some(stream), runtime }
            }
        }

        impl Iterator for $name {
            type Item = Result<$item, Error>;

            fn next(&mut self) -> Option<Self::Item> {
                let stream = self.stream.as_mut()?;
                let next = self.runtime.wait(async { Ok(stream.next().await) }).unwrap_or_else(|error| {
                    self.stream = None;
                    Some(Err(error))
                });
                if next.is_none() {
                    self.stream = None;
                }
                next
            }
        }

        impl FusedIterator for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.stream.fmt(f)
            }
        }
    };
}

walk! {
    /// The calls of a walk by cursor. What is said of errors at [`CallStream`] holds here too.
    CallIter, CallStream, Call
}

walk! {
    /// The pages of a walk by cursor. What is said of errors at [`PageStream`] holds here too.
    PageIter, PageStream, Answer<Page>
}
