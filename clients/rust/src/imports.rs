//! Import: any number of items in acknowledged chunks, each applied exactly once, over cut connections.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use futures_util::stream::{BoxStream, Stream, StreamExt, iter};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_stream::wrappers::ReceiverStream;

use crate::credential::BoxError;
use crate::importing::{Chunks, ImportBook, ImportSummary};
use crate::retries::{is_within, stream_pause};
use crate::transport::{Answers, LONGEST_TIMEOUT};
use crate::v1::{
    BulkItem, ConflictPolicy, ErrorPolicy, ImportHeader, ImportOptions, ImportRequest, ImportResponse, import_request,
    import_response,
};
use crate::{Code, Error, Loci, Result, names};

const PATH: &str = "/loci.v1.BulkService/Import";
const CHUNK_SIZE: usize = 1000;
const LARGEST_CHUNK: usize = 10_000;
/// Messages that wait to be sent: the header, and a chunk for each that may be in flight.
const QUEUE: usize = 8;

/// How long to go on trying without any progress.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// A stream is renewed after this many times the patience, so that even such a call has a deadline.
const CONNECTION_LIFETIMES: u32 = 5;
/// How long the server may take to end a stream of which all is acknowledged.
const LEAVE: Duration = Duration::from_secs(5);

/// Of one connection.
pub(crate) fn lifetime(patience: Duration) -> Duration {
    patience.saturating_mul(CONNECTION_LIFETIMES).min(LONGEST_TIMEOUT)
}

impl Loci {
    /// Writes nodes and edges, in chunks that are each one commit. Nodes must come before the edges at them.
    ///
    /// A cut connection is taken up again by itself. To go on in another process, give the same `import_id`, items and
    /// chunk size again: what the server has is not sent again.
    ///
    /// ```no_run
    /// use loci_client::{Loci, names, v1};
    ///
    /// # async fn example(loci: Loci) -> loci_client::Result<()> {
    /// let nodes = (0..10_000).map(|n| v1::Node { name: names::node("alice", &n.to_string()), ..Default::default() });
    /// let summary = loci.import("alice", nodes).import_id("first").await?;
    /// println!("{} nodes", summary.node_count);
    /// # Ok(())
    /// # }
    /// ```
    pub fn import<I>(&self, graph: &str, items: I) -> Import
    where
        I: IntoIterator,
        I::Item: Into<BulkItem>,
        I::IntoIter: Send + 'static,
    {
        self.import_stream(graph, iter(items))
    }

    /// As [`import`](Self::import), of items that come as they come.
    pub fn import_stream<S>(&self, graph: &str, items: S) -> Import
    where
        S: Stream + Send + 'static,
        S::Item: Into<BulkItem>,
    {
        self.try_import(graph, items.map(Ok::<_, Error>))
    }

    /// As [`import_stream`](Self::import_stream), of items that may fail to come: their first error ends the import, and
    /// is its own if it is an [`Error`], else what that came of ([`source`](std::error::Error::source)).
    ///
    /// ```no_run
    /// # async fn example(loci: loci_client::Loci) -> loci_client::Result<()> {
    /// loci.try_import("copy", loci.export("alice").items()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_import<S, T, E>(&self, graph: &str, items: S) -> Import
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<BulkItem>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Import {
            loci: self.clone(),
            header: ImportHeader { parent: names::graph(graph), ..ImportHeader::default() },
            options: ImportOptions::default(),
            items: items.map(|item| item.map(Into::into).map_err(broken)).boxed(),
            chunk_size: CHUNK_SIZE,
            patience: PATIENCE,
            progress: None,
        }
    }
}

type Progress = Box<dyn FnMut(&ImportSummary) + Send>;

/// An import to await. Dropped, it is cancelled: chunks that were acknowledged stay.
#[must_use = "an import is made when it is awaited"]
pub struct Import {
    loci: Loci,
    header: ImportHeader,
    options: ImportOptions,
    items: BoxStream<'static, Result<BulkItem>>,
    chunk_size: usize,
    patience: Duration,
    progress: Option<Progress>,
}

impl Import {
    /// Names the import, so that another process can go on with it. Default: a UUID.
    pub fn import_id(mut self, id: impl Into<String>) -> Self {
        self.header.import_id = id.into();
        self
    }

    /// What to do with a bad item: end with `BAD_ITEMS` (the default), or leave it out and name it in the summary.
    pub fn on_error(mut self, policy: ErrorPolicy) -> Self {
        self.options.set_on_error(policy);
        self
    }

    /// What to do with an id that is taken.
    pub fn on_conflict(mut self, policy: ConflictPolicy) -> Self {
        self.options.set_on_conflict(policy);
        self
    }

    /// Keeps `create_time` and `update_time` of the items, to restore an export.
    pub fn keep_times(mut self, keep: bool) -> Self {
        self.options.keep_times = keep;
        self
    }

    /// Items of a chunk: 1 to 10,000; default 1,000.
    pub fn chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = size;
        self
    }

    /// How long to go on trying without progress; default 60 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Called after each chunk.
    pub fn progress(mut self, progress: impl FnMut(&ImportSummary) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    async fn run(mut self) -> Result<ImportSummary> {
        if !(1..=LARGEST_CHUNK).contains(&self.chunk_size) {
            return Err(Error::refused("chunk_size must be from 1 to 10,000"));
        }
        if self.header.import_id.is_empty() {
            self.header.import_id = uuid::Uuid::new_v4().to_string();
        }
        self.header.options = Some(self.options);
        let strict = self.options.on_error() != ErrorPolicy::Skip;
        let mut run = Run {
            book: ImportBook::new(self.header.import_id.clone(), strict),
            chunks: Chunks::new(&self.header.parent, self.chunk_size),
            items: self.items,
            exhausted: false,
            is_broken: false,
            moved_at: Instant::now(),
            progress: self.progress,
        };
        let lifetime = lifetime(self.patience);
        let mut attempt = 1;
        loop {
            let acknowledged = run.book.summary.chunk_count;
            let failure = match run.connection(&self.loci, &self.header, lifetime).await {
                Ok(()) => return Ok(run.book.summary),
                Err(failure) => failure,
            };
            if run.is_broken {
                return Err(failure);
            }
            attempt = if run.book.summary.chunk_count > acknowledged { 1 } else { attempt + 1 };
            match stream_pause(&failure, attempt) {
                Some(pause) if is_within(run.moved_at, pause, self.patience) => sleep(pause).await,
                _ => return Err(failure),
            }
        }
    }
}

impl IntoFuture for Import {
    type Output = Result<ImportSummary>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import").field("header", &self.header).finish_non_exhaustive()
    }
}

/// The source of chunks and the book, which outlive the connections.
struct Run {
    book: ImportBook,
    chunks: Chunks,
    items: BoxStream<'static, Result<BulkItem>>,
    exhausted: bool,
    /// The items ended with an error, which no other connection mends.
    is_broken: bool,
    moved_at: Instant,
    progress: Option<Progress>,
}

impl Run {
    /// One connection, to the end.
    async fn connection(&mut self, loci: &Loci, header: &ImportHeader, lifetime: Duration) -> Result<()> {
        let deadline = Instant::now() + lifetime;
        let late = |_| Error::late(lifetime);
        let (requests, queue) = mpsc::channel(QUEUE);
        let first = ImportRequest { request: Some(import_request::Request::Header(header.clone())) };
        // Both ends are here, and a chunk is put in only where an answer was taken out: there is always room.
        let _ = requests.send(first).await;
        let call = loci.transport().both_streams(PATH, ReceiverStream::new(queue), lifetime);
        let mut answers: Answers<ImportResponse> = timeout_at(deadline, call).await.map_err(late)??;
        loop {
            let answer = match timeout_at(deadline, answers.message()).await.map_err(late)? {
                Ok(Some(answer)) => answer,
                Ok(None) => return Err(Error::cut("the server ended the stream early")),
                Err(failure) => return Err(self.book.located(failure)),
            };
            for request in self.answered(answer).await? {
                let _ = requests.send(request).await;
            }
            if self.exhausted && self.book.is_empty() {
                // The server ends the stream by itself then, and does not count it as one that was given up. Whatever it
                // says, the items are written.
                drop(requests);
                let _ = timeout(LEAVE, answers.message()).await;
                return Ok(());
            }
        }
    }

    /// Takes an answer and gives the messages that may be sent now.
    async fn answered(&mut self, answer: ImportResponse) -> Result<Vec<ImportRequest>> {
        match answer.response {
            Some(import_response::Response::State(state)) => self.book.connected(&state),
            Some(import_response::Response::Chunk(result)) => {
                self.book.acknowledge(&result)?;
                self.moved_at = Instant::now();
                if let Some(progress) = &mut self.progress {
                    progress(&self.book.summary);
                }
            }
            None => {}
        }
        while !self.exhausted && self.book.has_room() {
            match self.next_chunk().await? {
                Some(items) => self.book.add(items),
                None => self.exhausted = true,
            }
            self.moved_at = Instant::now();
        }
        Ok(self.book.sendable())
    }

    async fn next_chunk(&mut self) -> Result<Option<Vec<BulkItem>>> {
        while let Some(item) = self.items.next().await {
            let item = item.inspect_err(|_| self.is_broken = true)?;
            if let Some(chunk) = self.chunks.add(item) {
                return Ok(Some(chunk));
            }
        }
        Ok(self.chunks.rest())
    }
}

fn broken(cause: impl Into<BoxError>) -> Error {
    match cause.into().downcast::<Error>() {
        Ok(error) => *error,
        Err(cause) => Error::caused(Code::Unknown, format!("the items ended with an error: {cause}"), cause),
    }
}
