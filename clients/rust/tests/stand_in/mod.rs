//! A server on a real socket that records who calls, and answers as it is told.

#![allow(dead_code)] // each test takes a part of it

use std::sync::{Arc, Mutex};

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::SendResponse;
use http::{HeaderMap, HeaderName, Request, Response};
use loci_client::Code;
use prost::Message;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

/// How a call is answered: by messages, and then by a status.
pub(crate) struct Answer {
    messages: Vec<Vec<u8>>,
    /// None: the requests end first.
    end: Option<Code>,
}

impl Answer {
    pub(crate) fn message(message: &impl Message) -> Self {
        Self { messages: vec![message.encode_to_vec()], end: Some(Code::Ok) }
    }

    pub(crate) fn failure(code: Code) -> Self {
        Self { messages: Vec::new(), end: Some(code) }
    }

    /// Ends so, behind its messages.
    pub(crate) fn and(self, code: Code) -> Self {
        Self { end: Some(code), ..self }
    }

    /// Ends with its requests, not before.
    pub(crate) fn open(self) -> Self {
        Self { end: None, ..self }
    }
}

/// What calls showed as their `authorization`, and how the requests of each ended, in order.
#[derive(Clone, Default)]
pub(crate) struct Shown(Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<&'static str>>>);

impl Shown {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().expect("no test panics with it").clone()
    }

    /// `ended`, or `reset` by a caller that gave up.
    pub(crate) fn ends(&self) -> Vec<&'static str> {
        self.1.lock().expect("no test panics with it").clone()
    }

    fn add(&self, headers: &HeaderMap) -> usize {
        let shown = headers.get("authorization").map(|value| value.to_str().unwrap_or_default().to_owned());
        let mut all = self.0.lock().expect("no test panics with it");
        all.push(shown.unwrap_or_default());
        all.len()
    }
}

/// Listens, and gives its address. `answer` is told which call it is, from 1.
pub(crate) async fn serve(answer: impl Fn(usize) -> Answer + Clone + Send + 'static) -> (String, Shown) {
    let (listener, address) = listen().await;
    let shown = Shown::default();
    let recorded = shown.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(connection(socket, recorded.clone(), answer.clone()));
        }
    });
    (address, shown)
}

pub(crate) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    (listener, address)
}

/// Serves one, to its end.
pub(crate) async fn connection(
    socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    shown: Shown,
    answer: impl Fn(usize) -> Answer + Clone + Send + 'static,
) {
    let Ok(mut connection) = h2::server::handshake(socket).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let number = shown.add(request.headers());
        tokio::spawn(respond_to(request, respond, answer(number), shown.clone()));
    }
}

async fn respond_to(request: Request<h2::RecvStream>, mut respond: SendResponse<Bytes>, answer: Answer, shown: Shown) {
    let mut body = request.into_body();
    let head = Response::builder().header("content-type", "application/grpc");
    let Ok(mut stream) = respond.send_response(head.body(()).expect("it is whole"), false) else { return };
    for message in answer.messages {
        let mut frame = BytesMut::new();
        frame.put_u8(0);
        frame.put_u32(u32::try_from(message.len()).expect("it is short"));
        frame.put(message.as_slice());
        let _ = stream.send_data(frame.freeze(), false);
    }
    if let Some(code) = answer.end {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", (code as i32).into());
        let _ = stream.send_trailers(trailers);
    }
    let mut how = "ended";
    while let Some(data) = body.data().await {
        if let Ok(data) = data {
            let _ = body.flow_control().release_capacity(data.len());
        } else {
            how = "reset";
            break;
        }
    }
    shown.1.lock().expect("no test panics with it").push(how);
    if answer.end.is_none() {
        // What does not end by itself ends with its requests.
        let _ = stream.send_trailers(HeaderMap::from_iter([(HeaderName::from_static("grpc-status"), 0.into())]));
    }
}
