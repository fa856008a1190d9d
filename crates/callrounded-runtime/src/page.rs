//! One page of a list.

use std::fmt;

use crate::Error;

/// One page of a list.
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in the order of the response. An item that cannot be decoded, for example because it has no
    /// identifier, is an error. [`Error::item`] returns its JSON.
    pub items: Vec<Result<T, Error>>,
    /// The cursor of the next page, as received. `None` on the last page, and for pages by number.
    pub next_cursor: Option<String>,
    /// The number of this page, counted from 1. `None` for pages by cursor.
    pub current_page: Option<i64>,
    /// The number of pages. `None` for pages by cursor.
    pub total_pages: Option<i64>,
    /// The number of items on all pages. `None` for pages by cursor.
    pub total_items: Option<i64>,
}

impl<T> Page<T> {
    /// Creates a page with these items. An empty cursor is treated as absent.
    #[doc(hidden)]
    #[must_use]
    pub fn new(items: Vec<T>, next_cursor: Option<String>) -> Self {
        Self {
            items: items.into_iter().map(Ok).collect(),
            next_cursor: next_cursor.filter(|cursor| !cursor.is_empty()),
            current_page: None,
            total_pages: None,
            total_items: None,
        }
    }
}

/// Shows the number of items. The items are omitted, since they may contain personal data.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("next_cursor", &self.next_cursor)
            .field("current_page", &self.current_page)
            .field("total_pages", &self.total_pages)
            .field("total_items", &self.total_items)
            .finish()
    }
}
