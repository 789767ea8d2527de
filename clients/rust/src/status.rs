//! Errors from what comes over the wire: the status of a call, or one inside an answer.

use std::error::Error as _;
use std::fmt::Write;
use std::time::Duration;

use prost::Message;
use tonic::{Code, ConnectError, Status, TimeoutExpired};
use tonic_types::pb;

use crate::errors::{Error, FieldViolation, ItemFailure, Origin, Pushback};
use crate::v1::ItemError;

const DOMAIN: &str = "loci.dev";
const PUSHBACK: &str = "grpc-retry-pushback-ms";

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        let mut error = match origin(&status) {
            Origin::Answer => answered(&status),
            Origin::Client => {
                Self::new(Code::DeadlineExceeded, "The call did not end within its deadline.", Origin::Client)
            }
            origin => Self::new(Code::Unavailable, described(&status), origin),
        };
        error.parts_mut().pushback = pushback(&status);
        error.parts_mut().status = Some(status);
        error
    }
}

impl From<&pb::Status> for Error {
    /// For the statuses inside answers, such as those of a `BatchSearchResult`.
    fn from(status: &pb::Status) -> Self {
        let mut error = Self::new(Code::from_i32(status.code), &status.message, Origin::Answer);
        for detail in &status.details {
            let name = detail.type_url.rsplit('/').next().unwrap_or_default();
            // What does not decode is left out: the code still says what it is like.
            let _ = add_detail(&mut error, name, &detail.value);
        }
        error
    }
}

/// A status that tonic made itself has a source; one that was sent has none.
fn origin(status: &Status) -> Origin {
    let Some(source) = status.source() else { return Origin::Answer };
    let mut cause = Some(source);
    while let Some(error) = cause {
        if error.is::<TimeoutExpired>() {
            return Origin::Client;
        }
        if let Some(connect) = error.downcast_ref::<ConnectError>() {
            return if nobody_listens(connect) { Origin::Refused } else { Origin::Cut };
        }
        cause = error.source();
    }
    Origin::Cut
}

/// As when a server restarts; not what will stay so, as a certificate that is not trusted.
fn nobody_listens(connect: &ConnectError) -> bool {
    use std::io::ErrorKind::{
        ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable, NotConnected,
        NotFound, TimedOut, UnexpectedEof,
    };
    let mut cause = connect.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(
                error.kind(),
                ConnectionAborted
                    | ConnectionRefused
                    | ConnectionReset
                    | HostUnreachable
                    | NetworkUnreachable
                    | NotConnected
                    | NotFound
                    | TimedOut
                    | UnexpectedEof
            );
        }
        cause = error.source();
    }
    false
}

/// With what caused it, as "transport error" alone says nothing.
fn described(status: &Status) -> String {
    let mut text = status.message().to_owned();
    let mut cause = status.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            let _ = write!(text, ": {said}");
        }
        cause = error.source();
    }
    text
}

fn answered(status: &Status) -> Error {
    match pb::Status::decode(status.details()) {
        Ok(rich) if !status.details().is_empty() && rich.code == status.code() as i32 => Error::from(&rich),
        _ => Error::new(status.code(), status.message(), Origin::Answer),
    }
}

fn add_detail(error: &mut Error, name: &str, value: &[u8]) -> Result<(), prost::DecodeError> {
    let parts = error.parts_mut();
    match name {
        "google.rpc.ErrorInfo" => {
            let info = pb::ErrorInfo::decode(value)?;
            if info.domain == DOMAIN {
                parts.reason = info.reason;
                parts.metadata = info.metadata;
            }
        }
        "google.rpc.BadRequest" => {
            let violations = pb::BadRequest::decode(value)?.field_violations;
            let violations = violations.into_iter();
            parts.violations.extend(violations.map(|v| FieldViolation { field: v.field, description: v.description }));
        }
        "google.rpc.PreconditionFailure" => {
            let violations = pb::PreconditionFailure::decode(value)?.violations.into_iter();
            parts
                .violations
                .extend(violations.map(|v| FieldViolation { field: v.subject, description: v.description }));
        }
        "google.rpc.ResourceInfo" => parts.resource = Some(pb::ResourceInfo::decode(value)?.resource_name),
        "google.rpc.RetryInfo" => {
            let delay = pb::RetryInfo::decode(value)?.retry_delay.unwrap_or_default();
            parts.retry_after = Some(Duration::try_from(delay).unwrap_or_default());
        }
        "loci.v1.ItemError" => {
            let item = ItemError::decode(value)?;
            let error = Error::from(&item.status.unwrap_or_default());
            parts.failures.push(ItemFailure { index: u64::try_from(item.index).unwrap_or(0), error });
        }
        _ => {}
    }
    Ok(())
}

fn pushback(status: &Status) -> Option<Pushback> {
    let value = status.metadata().get(PUSHBACK)?;
    let millis = value.to_str().ok().and_then(|text| text.parse().ok());
    Some(millis.map_or(Pushback::Never, |millis| Pushback::After(Duration::from_millis(millis))))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use prost_types::Any;

    use super::*;
    use crate::Reason;

    fn packed(name: &str, message: &impl Message) -> Any {
        Any { type_url: format!("type.googleapis.com/google.rpc.{name}"), value: message.encode_to_vec() }
    }

    fn info(reason: &str) -> Any {
        let metadata = HashMap::from([("resource".to_owned(), "graphs/alice".to_owned())]);
        packed("ErrorInfo", &pb::ErrorInfo { reason: reason.into(), domain: DOMAIN.into(), metadata })
    }

    fn sent(code: Code, details: Vec<Any>) -> Status {
        let rich = pb::Status { code: code as i32, message: "so it is".into(), details };
        Status::with_details(code, "so it is", rich.encode_to_vec().into())
    }

    #[test]
    fn every_reason_of_the_contract_is_known() {
        let mut known = 0;
        for number in 1..1000 {
            let Ok(reason) = Reason::try_from(number) else { continue };
            let name = reason.as_str_name().trim_start_matches("ERROR_REASON_");
            assert_eq!(Error::from(sent(Code::NotFound, vec![info(name)])).reason(), reason);
            known += 1;
        }
        assert!(known > 60);
    }

    #[test]
    fn a_newer_reason_falls_back_to_its_code() {
        let error = Error::from(sent(Code::NotFound, vec![info("MOON_NOT_FOUND")]));
        assert_eq!(
            (error.code(), error.reason(), error.reason_name()),
            (Code::NotFound, Reason::Unspecified, "MOON_NOT_FOUND")
        );
        assert_eq!(error.to_string(), "MOON_NOT_FOUND: so it is");
    }

    #[test]
    fn details_are_told() {
        let violation = pb::bad_request::FieldViolation {
            field: "node.label".into(),
            description: "too long".into(),
            ..Default::default()
        };
        let error = Error::from(sent(
            Code::InvalidArgument,
            vec![
                info("INVALID_FIELD"),
                packed("BadRequest", &pb::BadRequest { field_violations: vec![violation] }),
                packed(
                    "ResourceInfo",
                    &pb::ResourceInfo { resource_name: "graphs/alice".into(), ..Default::default() },
                ),
                packed(
                    "RetryInfo",
                    &pb::RetryInfo { retry_delay: Some(prost_types::Duration { seconds: 1, nanos: 500_000_000 }) },
                ),
                Any { type_url: "x/google.rpc.ErrorInfo".into(), value: vec![255] },
            ],
        ));
        assert_eq!(error.reason(), Reason::InvalidField);
        assert_eq!(error.metadata()["resource"], "graphs/alice");
        assert_eq!(error.violations(), [FieldViolation { field: "node.label".into(), description: "too long".into() }]);
        assert_eq!(error.resource(), Some("graphs/alice"));
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn another_domain_gives_no_reason() {
        let foreign =
            pb::ErrorInfo { reason: "NODE_NOT_FOUND".into(), domain: "other.dev".into(), metadata: HashMap::new() };
        let error = Error::from(sent(Code::NotFound, vec![packed("ErrorInfo", &foreign)]));
        assert_eq!(error.reason(), Reason::Unspecified);
    }

    #[test]
    fn details_of_another_code_are_not_believed() {
        let rich = pb::Status { code: 5, message: "no".into(), details: vec![info("NODE_NOT_FOUND")] };
        let error = Error::from(Status::with_details(Code::Internal, "proxy", rich.encode_to_vec().into()));
        assert_eq!((error.code(), error.reason()), (Code::Internal, Reason::Unspecified));
    }

    #[test]
    fn pushback_is_read() {
        let mut status = Status::resource_exhausted("later");
        status.metadata_mut().insert(PUSHBACK, "250".parse().expect("a value"));
        assert_eq!(pushback(&status), Some(Pushback::After(Duration::from_millis(250))));
        status.metadata_mut().insert(PUSHBACK, "-1".parse().expect("a value"));
        assert_eq!(pushback(&status), Some(Pushback::Never));
    }

    #[test]
    fn a_connection_that_is_refused_is_told_from_one_that_broke() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let refused = Error::from(Status::from_error(Box::new(ConnectError(refused.into()))));
        assert_eq!((refused.code(), refused.parts().origin), (Code::Unavailable, Origin::Refused));
        let untrusted = std::io::Error::new(std::io::ErrorKind::InvalidData, "certificate");
        let untrusted = Error::from(Status::from_error(Box::new(ConnectError(untrusted.into()))));
        assert_eq!((untrusted.code(), untrusted.parts().origin), (Code::Unavailable, Origin::Cut));
        let broken = Error::from(Status::from_error(Box::new(std::io::Error::from(std::io::ErrorKind::BrokenPipe))));
        assert_eq!((broken.code(), broken.parts().origin), (Code::Unavailable, Origin::Cut));
        let late = Error::from(Status::from_error(Box::new(TimeoutExpired(()))));
        assert_eq!(late.code(), Code::DeadlineExceeded);
    }
}
