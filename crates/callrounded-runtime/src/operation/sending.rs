//! What generated code implements to send an operation.

use std::fmt;

use bytes::Bytes;

use super::OperationInfo;
use crate::{
    Error, Response, Transport,
    decode::Unwrapped,
    lenient::{DecodeError, Decoded},
};

/// An operation that is ready to be sent, with its parameters and body. Implemented by generated code.
pub trait Operation: Send + Sized + 'static {
    /// The data of a successful response. [`Response`](crate::Response) dereferences to it.
    type Output: Send + 'static;

    /// Returns the description of the operation.
    fn info(&self) -> &'static OperationInfo;

    /// Builds the HTTP request, without the API key and the headers that all requests share.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if a parameter or the body cannot be sent.
    fn request(self, transport: &Transport) -> Result<reqwest::Request, Error>;

    /// Decodes the body of a successful response.
    ///
    /// # Errors
    /// If lenient decoding does not yield an `Output` either.
    fn decode(info: &'static OperationInfo, body: &Bytes) -> Result<Decoded<Unwrapped<Self::Output>>, DecodeError>;

    /// Adds the response to errors inside the output.
    #[doc(hidden)]
    fn complete(response: &mut Response<Self::Output>) {
        let _ = response;
    }

    /// Returns the output if its `Debug` omits personal data, and `None` otherwise.
    fn as_debug(output: &Self::Output) -> Option<&dyn fmt::Debug> {
        let _ = output;
        None
    }
}

/// A paginated operation (`x-pagination`). Its output is a [`Page`](crate::Page).
pub trait Paginated: Operation + Clone {
    /// Selects the page to request.
    #[must_use]
    fn at(self, position: Position) -> Self;

    /// Returns the cursor of the first page to request; `None` for the first page of the list.
    fn first_cursor(&self) -> Option<String>;
}

/// An operation whose pages can be requested by number.
pub trait Numbered: Paginated {}

/// The position of a page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// The page at this cursor; the first page if it is `None`.
    Cursor(Option<String>),
    /// The page with this number, counted from 1.
    Number(u32),
}
