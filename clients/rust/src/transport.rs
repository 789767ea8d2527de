//! The one place where calls leave: deadline, credential, retries and typed errors are the same for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use tokio::time::{Instant, sleep, timeout_at};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, IntoStreamingRequest, Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::codec::BytesCodec;
use crate::connection::{Connection, MAX_MESSAGE_BYTES};
use crate::credential::{Credential, Header};
use crate::errors::Origin;
use crate::retries::{Throttle, Tries, unary_pause};
use crate::{Error, Method, Result, Unary};

/// What is longer is as good as for ever, and would not fit into the header.
pub(crate) const LONGEST_TIMEOUT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A connection and what each call over it needs.
#[derive(Debug)]
pub(crate) struct Transport {
    connection: Connection,
    credential: Credential,
    throttle: Throttle,
    /// Whether there was ever an answer, so that the address is right.
    answered: AtomicBool,
}

impl Transport {
    pub(crate) fn new(connection: Connection, credential: Credential) -> Self {
        Self { connection, credential, throttle: Throttle::new(), answered: AtomicBool::new(false) }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// One answer. `timeout` covers all tries.
    pub(crate) async fn unary<R: Unary>(&self, request: &R, timeout: Duration) -> Result<R::Response> {
        let size = request.encoded_len();
        if size > MAX_MESSAGE_BYTES {
            return Err(too_large(size));
        }
        let answer = self.unary_bytes(R::METHOD, request.encode_to_vec().into(), timeout).await?;
        R::Response::decode(answer).map_err(|error| {
            Error::new(
                Code::Internal,
                format!("the answer to {} does not decode: {error}", R::METHOD.path),
                Origin::Client,
            )
        })
    }

    async fn unary_bytes(&self, method: Method, request: Bytes, timeout: Duration) -> Result<Bytes> {
        let timeout = timeout.min(LONGEST_TIMEOUT);
        let deadline = Instant::now() + timeout;
        let mut tries = Tries::default();
        let mut may_renew = true;
        loop {
            let shown = self.credential.present()?;
            let attempt = self.attempt(method, request.clone(), shown.clone(), deadline);
            let failure = match timeout_at(deadline, attempt).await {
                Ok(Ok(answer)) => {
                    self.throttle.succeeded();
                    self.note_answer();
                    return Ok(answer);
                }
                Ok(Err(status)) => Error::from(status),
                Err(_) => return Err(Error::late(timeout)),
            };
            if !failure.reason_name().is_empty() {
                self.note_answer();
            }
            if may_renew && self.credential.is_renewed(&failure, shown.as_ref()) {
                may_renew = false;
                continue;
            }
            tries.count(&failure);
            tries.known = self.answered.load(Ordering::Relaxed);
            let remaining = deadline.saturating_duration_since(Instant::now());
            match unary_pause(&failure, tries, method.is_repeatable, remaining, &self.throttle) {
                Some(pause) => sleep(pause).await,
                None => return Err(self.located(failure.limited(timeout))),
            }
        }
    }

    fn note_answer(&self) {
        // Read first, so that calls in parallel do not contend for it.
        if !self.answered.load(Ordering::Relaxed) {
            self.answered.store(true, Ordering::Relaxed);
        }
    }

    async fn attempt(
        &self,
        method: Method,
        request: Bytes,
        shown: Option<Header>,
        deadline: Instant,
    ) -> Result<Bytes, Status> {
        let mut request = with(shown, request);
        request.set_timeout(deadline.saturating_duration_since(Instant::now()));
        let mut grpc = self.connection.grpc().await?;
        let answers = grpc.server_streaming(request, PathAndQuery::from_static(method.path), BytesCodec).await?;
        let mut answers = answers.into_inner();
        let answer = answers.message().await?;
        answers.trailers().await?;
        // The connection broke between the answer and its end, or the server sent none.
        answer.ok_or_else(|| Status::unavailable("the connection broke before the answer was read"))
    }

    /// A call that is answered many times; it lasts for `timeout` at most. Dropped, it is cancelled.
    pub(crate) async fn server_stream<Q, A>(
        self: &Arc<Self>,
        path: &'static str,
        request: Q,
        timeout: Option<Duration>,
    ) -> Result<Answers<A>>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let shown = self.credential.present()?;
        let mut request = with(shown.clone(), request);
        if let Some(timeout) = timeout {
            request.set_timeout(timeout.min(LONGEST_TIMEOUT));
        }
        let mut grpc = self.connection.grpc().await?;
        let codec = ProstCodec::<Q, A>::default();
        let begun = grpc.server_streaming(request, PathAndQuery::from_static(path), codec).await;
        self.answers(begun.map(Response::into_inner), shown)
    }

    /// As [`server_stream`](Self::server_stream), with many requests.
    pub(crate) async fn both_streams<Q, A>(
        self: &Arc<Self>,
        path: &'static str,
        requests: impl tokio_stream::Stream<Item = Q> + Send + 'static,
        timeout: Duration,
    ) -> Result<Answers<A>>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let shown = self.credential.present()?;
        let mut request = with(shown.clone(), requests).into_streaming_request();
        request.set_timeout(timeout.min(LONGEST_TIMEOUT));
        let mut grpc = self.connection.grpc().await?;
        let codec = ProstCodec::<Q, A>::default();
        let begun = grpc.streaming(request, PathAndQuery::from_static(path), codec).await;
        self.answers(begun.map(Response::into_inner), shown)
    }

    fn answers<A>(self: &Arc<Self>, begun: Result<Streaming<A>, Status>, shown: Option<Header>) -> Result<Answers<A>> {
        let stream = begun.map_err(|status| self.stream_failure(status, shown.as_ref()))?;
        self.note_answer();
        Ok(Answers { stream, transport: Arc::clone(self), shown })
    }

    fn located(&self, failure: Error) -> Error {
        self.connection.located(failure, self.answered.load(Ordering::Relaxed))
    }

    fn stream_failure(&self, status: Status, shown: Option<&Header>) -> Error {
        let mut failure = self.located(Error::from(status));
        failure.parts_mut().renewed = self.credential.is_renewed(&failure, shown);
        failure
    }
}

/// What a stream is answered with. Dropped, the call is cancelled.
pub(crate) struct Answers<A> {
    stream: Streaming<A>,
    transport: Arc<Transport>,
    shown: Option<Header>,
}

impl<A> Answers<A> {
    /// The next message; none at the end.
    pub(crate) async fn message(&mut self) -> Result<Option<A>> {
        let taken = self.stream.message().await;
        taken.map_err(|status| self.transport.stream_failure(status, self.shown.as_ref()))
    }
}

fn with<T>(shown: Option<Header>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(header) = shown {
        request.metadata_mut().insert("authorization", header);
    }
    request
}

fn too_large(size: usize) -> Error {
    let message = format!("request: {size} bytes, at most {MAX_MESSAGE_BYTES} are allowed");
    let mut error = Error::refused(message);
    error.parts_mut().reason = "LIMIT_EXCEEDED".into();
    error
}
