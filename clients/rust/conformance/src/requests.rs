//! What the agent is told.

use std::time::Duration;

use loci_client::v1::{ConflictPolicy, ErrorPolicy, WatchStart};
use serde_json::Value;

use crate::answers::Failure;

/// A request: an object with `op`, and members as the operation has them.
pub(crate) struct Asked<'a>(pub(crate) &'a Value);

impl Asked<'_> {
    pub(crate) fn text(&self, member: &str) -> Result<&str, Failure> {
        self.0[member].as_str().ok_or_else(|| Failure::agent(format!("{member} is missing")))
    }

    pub(crate) fn optional_text(&self, member: &str) -> Option<&str> {
        self.0[member].as_str()
    }

    pub(crate) fn texts(&self, member: &str) -> Vec<&str> {
        self.0[member].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub(crate) fn number(&self, member: &str) -> Option<u64> {
        self.0[member].as_u64()
    }

    pub(crate) fn count(&self, member: &str) -> Option<usize> {
        self.number(member).and_then(|number| usize::try_from(number).ok())
    }

    pub(crate) fn millis(&self, member: &str) -> Option<Duration> {
        self.number(member).map(Duration::from_millis)
    }

    pub(crate) fn seconds(&self, member: &str) -> Result<Duration, Failure> {
        let seconds = self.0[member].as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.ok_or_else(|| Failure::agent(format!("{member} is missing")))
    }

    pub(crate) fn is(&self, member: &str) -> bool {
        self.0[member].as_bool() == Some(true)
    }

    /// A message, or what is to be one.
    pub(crate) fn message(&self, member: &str) -> Option<&Value> {
        self.0.get(member).filter(|value| !value.is_null())
    }

    pub(crate) fn on_error(&self) -> Result<ErrorPolicy, Failure> {
        Ok(match self.optional_text("on_error") {
            None => ErrorPolicy::Unspecified,
            Some("abort") => ErrorPolicy::Abort,
            Some("skip") => ErrorPolicy::Skip,
            Some(other) => return Err(Failure::agent(format!("on_error: {other}"))),
        })
    }

    pub(crate) fn on_conflict(&self) -> Result<ConflictPolicy, Failure> {
        Ok(match self.optional_text("on_conflict") {
            None => ConflictPolicy::Unspecified,
            Some("fail") => ConflictPolicy::Fail,
            Some("keep") => ConflictPolicy::Keep,
            Some("replace") => ConflictPolicy::Replace,
            Some(other) => return Err(Failure::agent(format!("on_conflict: {other}"))),
        })
    }

    pub(crate) fn start(&self) -> Result<Option<WatchStart>, Failure> {
        Ok(match self.optional_text("start") {
            None => None,
            Some("now") => Some(WatchStart::Now),
            Some("oldest") => Some(WatchStart::Oldest),
            Some(other) => return Err(Failure::agent(format!("start: {other}"))),
        })
    }
}
