//! List calls: which, and how they are walked.

use std::{future::IntoFuture, pin::Pin, sync::Arc};

use callrounded_api::{Timestamp, types::CallType};
use chrono::{DateTime, Utc};

use crate::{
    answer::Answer,
    client::Client,
    error::Error,
    options::{Options, per_request},
    page::Page,
    pages::{CallStream, PageStream},
    phone_number::PhoneNumber,
};

pub(crate) const OPERATION: &str = "list_calls";
const PAGE_SIZES: std::ops::RangeInclusive<u32> = 1..=1000;

/// Which calls are to be listed. Then [`stream`](Self::stream) walks all of them, [`pages`](Self::pages) page by page, and
/// [`page`](Self::page) gives one page by its number.
///
/// A filter that can't be one is reported by the first that these give.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until calls or pages are asked for"]
pub struct ListCalls {
    client: Client,
    query: Query,
    prefetch: bool,
    /// With what is wrong with the filters.
    options: Options,
}

#[derive(Clone, Debug, Default)]
struct Query {
    agent_id: Option<String>,
    call_type: Option<CallType>,
    from_number: Option<PhoneNumber>,
    to_number: Option<PhoneNumber>,
    started_after: Option<Timestamp>,
    started_before: Option<Timestamp>,
    include_transcript: Option<bool>,
    include_variable_values: Option<bool>,
    page_size: Option<u32>,
    cursor: Option<String>,
}

/// Which page is wanted.
pub(crate) enum At {
    Cursor(Option<String>),
    Number(u32),
}

impl ListCalls {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            query: Query::default(),
            prefetch: false,
            options: Options::default(),
        }
    }

    per_request!("the request for each page");

    /// Only calls that this agent handled.
    pub fn agent_id(mut self, agent_id: impl Into<String>) -> Self {
        self.query.agent_id = Some(agent_id.into());
        self
    }

    /// Only calls of this type.
    pub fn call_type(mut self, call_type: CallType) -> Self {
        if !CallType::KNOWN.contains(&call_type.as_str()) {
            let known = CallType::KNOWN.join(", ");
            self.wrong(format!(
                "call_type: the document knows no {:?}; it is one of {known}",
                call_type.as_str()
            ));
        }
        self.query.call_type = Some(call_type);
        self
    }

    /// Only calls from this number (E.164).
    pub fn from_number<N>(mut self, number: N) -> Self
    where
        N: TryInto<PhoneNumber>,
        N::Error: Into<Error>,
    {
        self.query.from_number = self.checked("from_number", number);
        self
    }

    /// Only calls to this number (E.164).
    pub fn to_number<N>(mut self, number: N) -> Self
    where
        N: TryInto<PhoneNumber>,
        N::Error: Into<Error>,
    {
        self.query.to_number = self.checked("to_number", number);
        self
    }

    /// Only calls that began strictly after this moment.
    pub fn started_after(mut self, moment: impl Into<DateTime<Utc>>) -> Self {
        self.query.started_after = Some(moment.into().into());
        self
    }

    /// Only calls that began strictly before this moment.
    pub fn started_before(mut self, moment: impl Into<DateTime<Utc>>) -> Self {
        self.query.started_before = Some(moment.into().into());
        self
    }

    /// Whether calls carry their transcript; as the service chooses if it is not said.
    pub fn include_transcript(mut self, include: bool) -> Self {
        self.query.include_transcript = Some(include);
        self
    }

    /// Whether calls carry their variable values; as the service chooses if it is not said.
    pub fn include_variable_values(mut self, include: bool) -> Self {
        self.query.include_variable_values = Some(include);
        self
    }

    /// How many calls a page holds at most: 1 to 1000, 50 if it is not said.
    pub fn page_size(mut self, calls: u32) -> Self {
        if !PAGE_SIZES.contains(&calls) {
            self.wrong(format!("page_size: a page holds 1 to 1000 calls, not {calls}"));
        }
        self.query.page_size = Some(calls);
        self
    }

    /// Begins where an earlier walk ended, with what [`Error::resume_cursor`] or [`Page::next_cursor`] gave.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.query.cursor = Some(cursor.into());
        self
    }

    /// Whether the next page is fetched while the current one is read. Two pages are in memory then, else one.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// Every call, over all pages, by cursor.
    #[must_use]
    pub fn stream(self) -> CallStream {
        CallStream::new(self.pages())
    }

    /// Every page, by cursor.
    #[must_use]
    pub fn pages(self) -> PageStream {
        PageStream::new(self)
    }

    /// The page with this number, counted from 1.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) but `Configuration`. With `InvalidInput` nothing was sent. Safe to send again.
    pub fn page(mut self, number: u32) -> impl IntoFuture<Output = Result<Answer<Page>, Error>, IntoFuture: Send> {
        if number == 0 {
            self.wrong("page: pages are counted from 1".to_owned());
        }
        self.fetch(At::Number(number))
    }

    pub(crate) fn first_cursor(&self) -> Option<String> {
        self.query.cursor.clone()
    }

    pub(crate) fn prefetches(&self) -> bool {
        self.prefetch
    }

    pub(crate) fn fetch(&self, at: At) -> Pin<Box<dyn Future<Output = Result<Answer<Page>, Error>> + Send>> {
        let Self {
            client, query, options, ..
        } = self.clone();
        Box::pin(async move {
            let api = client.begin(OPERATION, options)?;
            let result = query.request(&api, at).send().await;
            let mut page: Answer<Page> = client.end(OPERATION, &api, result)?;
            let (answer, attempts) = (Arc::clone(page.raw()), page.attempts());
            for error in page.data_mut().calls.iter_mut().filter_map(|call| call.as_mut().err()) {
                error.has_seen(&answer, attempts);
            }
            Ok(page)
        })
    }

    fn checked<N>(&mut self, filter: &str, number: N) -> Option<PhoneNumber>
    where
        N: TryInto<PhoneNumber>,
        N::Error: Into<Error>,
    {
        match number.try_into() {
            Ok(number) => Some(number),
            Err(error) => {
                self.wrong(format!("{filter}: {}", error.into()));
                None
            }
        }
    }

    fn wrong(&mut self, problem: String) {
        self.options.wrong(problem);
    }
}

impl Query {
    fn request<'a>(self, api: &'a callrounded_api::Client, at: At) -> callrounded_api::builder::ListCalls<'a> {
        let mut request = api.list_calls();
        // Sets what is given; the generated setters take no `Option`.
        macro_rules! set {
            ($($name:ident: $value:expr),* $(,)?) => {
                $(if let Some(value) = $value {
                    request = request.$name(value);
                })*
            };
        }
        set!(
            agent_id: self.agent_id,
            call_type: self.call_type,
            from_number: self.from_number.map(PhoneNumber::into_string),
            to_number: self.to_number.map(PhoneNumber::into_string),
            start_time_gt: self.started_after,
            start_time_lt: self.started_before,
            include_transcript: self.include_transcript,
            include_variable_values: self.include_variable_values,
            limit: self.page_size,
        );
        match at {
            At::Cursor(cursor) => {
                set!(use_cursor: Some(true), cursor: cursor);
            }
            At::Number(number) => {
                set!(use_cursor: Some(false), page: Some(number));
            }
        }
        request
    }
}
