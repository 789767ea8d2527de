//! How it went, as tests/conformance/README.md has it.

use loci_client::{Error, FieldViolation, ItemFailure, Reason};
use serde_json::{Map, Value, json};

/// An error as it is told.
pub(crate) struct Failure(Value);

impl Failure {
    /// A bug of the agent, or a request that is not of the protocol.
    pub(crate) fn agent(message: impl Into<String>) -> Self {
        Self(json!({"code": "AGENT", "message": message.into()}))
    }

    /// In Rust, what is cancelled is dropped, and nobody is left to be told.
    pub(crate) fn cancelled() -> Self {
        Self(json!({"code": "CANCELLED", "type": "Cancelled"}))
    }

    pub(crate) fn timeout() -> Self {
        Self(json!({"code": "TIMEOUT"}))
    }
}

/// The line to answer with.
pub(crate) fn line(id: &Value, result: Result<Value, Failure>) -> String {
    match result {
        Ok(result) => json!({"id": id, "result": result}),
        Err(Failure(error)) => json!({"id": id, "error": error}),
    }
    .to_string()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut told = Map::new();
        told.insert("code".into(), screaming(&format!("{:?}", error.code())).into());
        told.insert("type".into(), kind(&error).into());
        told.insert("message".into(), error.to_string().into());
        if !error.reason_name().is_empty() {
            told.insert("reason".into(), error.reason_name().into());
        }
        if !error.metadata().is_empty() {
            told.insert("metadata".into(), json!(error.metadata()));
        }
        if let Some(after) = error.retry_after() {
            told.insert("retry_after_ms".into(), u64::try_from(after.as_millis()).unwrap_or(u64::MAX).into());
        }
        if !error.violations().is_empty() {
            told.insert("violations".into(), error.violations().iter().map(violation).collect());
        }
        if !error.failures().is_empty() {
            told.insert("items".into(), places(error.failures()));
        }
        Self(told.into())
    }
}

/// Of items of an import: which among all, and why they were left out.
pub(crate) fn places(failures: &[ItemFailure]) -> Value {
    failures.iter().map(|failure| json!({"index": failure.index, "reason": reason(&failure.error)})).collect()
}

/// What one matches: a variant of `Reason`, else of `Code`.
fn kind(error: &Error) -> String {
    match error.reason() {
        _ if error.is_watch_gap() => "WatchGap".into(),
        Reason::Unspecified => format!("{:?}", error.code()),
        reason => format!("{reason:?}"),
    }
}

fn violation(violation: &FieldViolation) -> Value {
    json!({"field": violation.field, "description": violation.description})
}

/// `NOT_FOUND` of `NotFound`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// The reason of an item that was left out, or its code.
fn reason(error: &Error) -> String {
    match error.reason_name() {
        "" => screaming(&format!("{:?}", error.code())),
        reason => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use loci_client::Code;

    use super::*;

    #[test]
    fn codes_are_told_as_the_protocol_has_them() {
        assert_eq!(screaming(&format!("{:?}", Code::DeadlineExceeded)), "DEADLINE_EXCEEDED");
        assert_eq!(screaming(&format!("{:?}", Code::Ok)), "OK");
    }
}
