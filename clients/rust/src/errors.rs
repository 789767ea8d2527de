//! How a call fails.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

pub use tonic::Code;

use crate::credential::BoxError;

/// Why, as the contract names it: `Reason::NodeNotFound`. [`Reason::Unspecified`] if the answer was not from Loci itself
/// or is newer than this client; [`Error::code`] tells then what it is like.
pub use crate::v1::ErrorReason as Reason;

/// What each call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A call that failed, or that the client refused to make.
///
/// ```
/// use loci_client::{Code, Error, Reason};
///
/// fn is_worth_reading_again(error: &Error) -> bool {
///     match error.reason() {
///         Reason::EtagMismatch | Reason::WriteContention => true,
///         Reason::Unspecified => error.code() == Code::Aborted,
///         _ => false,
///     }
/// }
/// ```
pub struct Error(Box<Parts>);

/// What an error is made of.
pub(crate) struct Parts {
    pub(crate) code: Code,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) metadata: HashMap<String, String>,
    pub(crate) violations: Vec<FieldViolation>,
    pub(crate) resource: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) pushback: Option<Pushback>,
    pub(crate) failures: Vec<ItemFailure>,
    pub(crate) origin: Origin,
    /// A stream was refused for its token, and there is another one by now.
    pub(crate) renewed: bool,
    pub(crate) cause: Option<BoxError>,
    pub(crate) status: Option<tonic::Status>,
}

/// Who says that it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The server, or a proxy before it.
    Answer,
    /// The connection: nobody listens. Nothing was sent.
    Refused,
    /// The connection: it broke.
    Cut,
    /// This client.
    Client,
    /// A watch that got a message which does not go on where the one before it ended.
    Gap,
}

/// What `grpc-retry-pushback-ms` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushback {
    After(Duration),
    Never,
}

/// One field of a request, or one precondition, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// `node.valid_from`; of a precondition what it is about.
    pub field: String,
    /// What is wrong.
    pub description: String,
}

/// An item of an import that was left out.
#[derive(Debug)]
pub struct ItemFailure {
    /// Its place among all items of the import, from 0; of a single call among those of its request.
    pub index: u64,
    /// Why.
    pub error: Error,
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>, origin: Origin) -> Self {
        Self(Box::new(Parts {
            code,
            reason: String::new(),
            message: message.into(),
            metadata: HashMap::new(),
            violations: Vec::new(),
            resource: None,
            retry_after: None,
            pushback: None,
            failures: Vec::new(),
            origin,
            renewed: false,
            cause: None,
            status: None,
        }))
    }

    /// What the client does not even try.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message, Origin::Client)
    }

    /// What the caller's own function failed with, or a stream of theirs.
    pub(crate) fn caused(code: Code, message: impl Into<String>, cause: BoxError) -> Self {
        let mut error = Self::new(code, message, Origin::Client);
        error.parts_mut().cause = Some(cause);
        error
    }

    /// A connection that ended without a status.
    pub(crate) fn cut(message: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, message, Origin::Cut)
    }

    pub(crate) fn late(limit: Duration) -> Self {
        Self::new(Code::DeadlineExceeded, String::new(), Origin::Client).limited(limit)
    }

    /// Says in the same words that a call's deadline ended, whoever noticed; Loci itself has said so already.
    pub(crate) fn limited(mut self, limit: Duration) -> Self {
        let parts = self.parts_mut();
        if parts.code == Code::DeadlineExceeded && parts.reason.is_empty() {
            parts.message = format!("The call did not end within its deadline of {} s.", limit.as_secs_f64());
        }
        self
    }

    pub(crate) fn gap(message: impl Into<String>) -> Self {
        Self::new(Code::DataLoss, message, Origin::Gap)
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        &mut self.0
    }

    /// The code of gRPC. `InvalidArgument` for what the client refuses by itself.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Why, if it is known.
    #[must_use]
    pub fn reason(&self) -> Reason {
        Reason::from_str_name(&format!("ERROR_REASON_{}", self.0.reason)).unwrap_or(Reason::Unspecified)
    }

    /// The reason as it was sent: `NODE_NOT_FOUND`. Empty if the answer was not from Loci itself.
    #[must_use]
    pub fn reason_name(&self) -> &str {
        &self.0.reason
    }

    /// In English, for people. It names fields, limits and resources, never content.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the message was filled with.
    #[must_use]
    pub fn metadata(&self) -> &HashMap<String, String> {
        &self.0.metadata
    }

    /// The fields or preconditions that failed.
    #[must_use]
    pub fn violations(&self) -> &[FieldViolation] {
        &self.0.violations
    }

    /// The name of the thing that is missing, taken or changed.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// After what time the server asks to be called again. The client has done so already as long as the deadline let it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Where a watch goes on that was too slow (`WATCH_TOO_SLOW`).
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        self.0.metadata.get("resume_token").map(String::as_str)
    }

    /// The items that were refused (`BAD_ITEMS`).
    #[must_use]
    pub fn failures(&self) -> &[ItemFailure] {
        &self.0.failures
    }

    /// Whether a watch has missed something: read the graph anew, then watch behind the revision that was read.
    #[must_use]
    pub fn is_watch_gap(&self) -> bool {
        self.0.origin == Origin::Gap
    }

    /// The status of gRPC that it comes from.
    #[must_use]
    pub fn status(&self) -> Option<&tonic::Status> {
        self.0.status.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.reason.is_empty() {
            write!(f, "{:?}: {}", self.0.code, self.0.message)
        } else {
            write!(f, "{}: {}", self.0.reason, self.0.message)
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        f.debug_struct("Error")
            .field("code", &parts.code)
            .field("reason", &parts.reason)
            .field("message", &parts.message)
            .field("metadata", &parts.metadata)
            .field("violations", &parts.violations)
            .field("resource", &parts.resource)
            .field("retry_after", &parts.retry_after)
            .field("failures", &parts.failures)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Some(cause) => Some(cause.as_ref()),
            None => self.0.status.as_ref().and_then(std::error::Error::source),
        }
    }
}
