//! Watch: every commit of a graph, or of all, in order, once, over cut connections and restarts.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::StreamExt;
use tokio::time::{Instant, sleep};

use crate::retries::stream_pause;
use crate::transport::Answers;
use crate::v1::{ChangeKind, WatchFilter, WatchRequest, WatchResponse, WatchStart, watch_request};
use crate::watching::{Book, FeedBook, GraphBook};
use crate::{Error, Loci, Result, names};

const PATH: &str = "/loci.v1.WatchService/Watch";
/// Tries without a message.
const WARN_AT: u32 = 3;

impl Loci {
    /// The commits of a graph from a point on, as they happen: by default those that come.
    ///
    /// Cut connections and restarts of the server are bridged; what cannot be (`RevisionCompacted`, `GraphNotFound`, …)
    /// ends the stream with its error. It ends also with one of which [`Error::is_watch_gap`] is true, if the server
    /// left something out.
    ///
    /// ```no_run
    /// # async fn example(loci: loci_client::Loci) -> loci_client::Result<()> {
    /// let mut watch = loci.watch("alice").after_revision(7).stream();
    /// while let Some(commit) = watch.next().await {
    ///     println!("{:?}", commit?.changes);
    ///     println!("{}", watch.resume_token()); // goes on behind it in another process
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self, graph: &str) -> WatchBuilder<GraphBook> {
        WatchBuilder::new(self, graph)
    }

    /// The commits of all graphs of the tenant, for mirrors and indexes.
    ///
    /// The commits of each graph are in order; graphs come as they come. Between them stand events: a graph was made,
    /// deleted, or is back (read it anew then). One token says where all of it stands.
    pub fn watch_all(&self) -> WatchBuilder<FeedBook> {
        WatchBuilder::new(self, "-")
    }
}

/// A watch before it begins.
#[must_use = "a watch begins when its stream is polled"]
pub struct WatchBuilder<B> {
    loci: Loci,
    graph: String,
    request: WatchRequest,
    patience: Option<Duration>,
    book: std::marker::PhantomData<B>,
}

impl WatchBuilder<GraphBook> {
    /// Begins behind this revision.
    pub fn after_revision(mut self, revision: i64) -> Self {
        self.request.start = Some(watch_request::Start::AfterRevision(revision));
        self
    }
}

impl<B: Book> WatchBuilder<B> {
    fn new(loci: &Loci, graph: &str) -> Self {
        let request = WatchRequest { parent: names::graph(graph), ..WatchRequest::default() };
        let graph = graph.to_owned();
        Self { loci: loci.clone(), graph, request, patience: None, book: std::marker::PhantomData }
    }

    /// Begins with the next commit (the default), or with the oldest that the log holds.
    pub fn start(mut self, start: WatchStart) -> Self {
        self.request.start = Some(watch_request::Start::Position(start.into()));
        self
    }

    /// Begins behind the message or commit that this token came with. An empty one changes nothing.
    pub fn resume_token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        if !token.is_empty() {
            self.request.start = Some(watch_request::Start::ResumeToken(token));
        }
        self
    }

    /// Tells nodes of these types only.
    pub fn node_types<S: Into<String>>(self, types: impl IntoIterator<Item = S>) -> Self {
        self.filtered(|filter| filter.node_types.extend(types.into_iter().map(Into::into)))
    }

    /// Tells edges of these relations only.
    pub fn relations<S: Into<String>>(self, relations: impl IntoIterator<Item = S>) -> Self {
        self.filtered(|filter| filter.relations.extend(relations.into_iter().map(Into::into)))
    }

    /// Tells these nodes and edges only: `nodes/ann`, or whole names where all graphs are watched.
    pub fn names<S: AsRef<str>>(self, names: impl IntoIterator<Item = S>) -> Self {
        let graph = self.graph.clone();
        let named = names.into_iter().map(|name| names::completed(&graph, name.as_ref()));
        self.filtered(|filter| filter.names.extend(named))
    }

    /// Tells these kinds of change only.
    pub fn kinds(self, kinds: impl IntoIterator<Item = ChangeKind>) -> Self {
        self.filtered(|filter| filter.kinds.extend(kinds.into_iter().map(i32::from)))
    }

    /// Tells what passes this, in place of what was said before.
    pub fn filter(mut self, filter: WatchFilter) -> Self {
        self.request.filter = Some(filter);
        self
    }

    /// With each change what there was before it.
    pub fn include_before(mut self, include: bool) -> Self {
        self.request.include_before = include;
        self
    }

    /// How long the server is quiet before it says how far it has come: 1 to 60 s, default 15 s.
    pub fn progress_interval(mut self, interval: Duration) -> Self {
        self.request.progress_interval = prost_types::Duration::try_from(interval).ok();
        self
    }

    /// How long to go on trying without a message. Default: for ever.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The watch. It begins when it is polled, or by [`Watch::ready`].
    pub fn stream(self) -> Watch<B> {
        let book = B::begin(&self.request);
        let is_foreign = (names::id_of(&self.request.parent) == "-") != B::IS_OF_ALL;
        let refusal = is_foreign.then(|| Error::refused("`-` is no graph: watch_all tells of all of them"));
        let messages = Messages {
            loci: self.loci,
            request: self.request,
            patience: self.patience,
            refusal,
            stream: None,
            fresh: false,
            attempt: 0,
            moved_at: Instant::now(),
        };
        let state = State::Idle(Box::new(messages));
        Watch { book, state, is_loaded: false, has_begun: false }
    }

    fn filtered(mut self, change: impl FnOnce(&mut WatchFilter)) -> Self {
        change(self.request.filter.get_or_insert_default());
        self
    }
}

impl<B> fmt::Debug for WatchBuilder<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchBuilder").field("graph", &self.graph).finish_non_exhaustive()
    }
}

/// What is told by one watch: a stream that ends behind its first error. Dropped, it is cancelled.
#[must_use = "streams do nothing unless polled"]
pub struct Watch<B: Book> {
    book: B,
    state: State,
    /// There is a message that is not done with.
    is_loaded: bool,
    /// There was a message.
    has_begun: bool,
}

enum State {
    Idle(Box<Messages>),
    Waiting(Pin<Box<dyn Future<Output = Taken> + Send>>),
    Ended,
}

type Taken = (Box<Messages>, Result<WatchResponse>);

impl<B: Book> Watch<B> {
    /// Goes on behind the last commit that was given out; keep it to go on in another process. Empty before the first
    /// message of the server.
    #[must_use]
    pub fn resume_token(&self) -> &str {
        self.book.resume_token()
    }

    /// Returns once the server has begun: whatever is written then will be told.
    pub async fn ready(&mut self) -> Result<()> {
        if self.has_begun {
            return Ok(());
        }
        poll_fn(|context| self.poll_load(context)).await
    }

    /// The next one, as `StreamExt::next` gives it. Nothing is lost if it is dropped while it waits.
    pub async fn next(&mut self) -> Option<Result<B::Told>> {
        StreamExt::next(self).await
    }

    /// Waits for a message and gives it to the book.
    fn poll_load(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Idle(messages) => {
                    let token = self.book.resume_token().to_owned();
                    self.state = State::Waiting(Box::pin(messages.take(token)));
                }
                State::Waiting(mut taken) => {
                    let Poll::Ready((mut messages, response)) = taken.as_mut().poll(context) else {
                        self.state = State::Waiting(taken);
                        return Poll::Pending;
                    };
                    let fresh = std::mem::take(&mut messages.fresh);
                    self.book.load(response?, fresh)?;
                    self.state = State::Idle(messages);
                    (self.is_loaded, self.has_begun) = (true, true);
                    return Poll::Ready(Ok(()));
                }
                State::Ended => return Poll::Ready(Err(Error::refused("the watch has ended"))),
            }
        }
    }
}

impl Watch<GraphBook> {
    /// All commits up to here were given out, or did not pass the filter.
    #[must_use]
    pub fn revision(&self) -> i64 {
        use crate::watching::sealed::Keep;
        self.book.revision()
    }
}

impl<B: Book> Stream for Watch<B> {
    type Item = Result<B::Told>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let watch = &mut *self;
        loop {
            if matches!(watch.state, State::Ended) {
                return Poll::Ready(None);
            }
            if watch.is_loaded {
                match watch.book.next() {
                    Ok(Some(told)) => return Poll::Ready(Some(Ok(told))),
                    Ok(None) => watch.is_loaded = false,
                    Err(gap) => {
                        watch.state = State::Ended;
                        return Poll::Ready(Some(Err(gap)));
                    }
                }
            }
            if let Err(failure) = ready!(watch.poll_load(context)) {
                return Poll::Ready(Some(Err(failure)));
            }
        }
    }
}

impl<B: Book> fmt::Debug for Watch<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("has_ended", &matches!(self.state, State::Ended)).finish_non_exhaustive()
    }
}

/// The messages of the server, over cut connections.
struct Messages {
    loci: Loci,
    request: WatchRequest,
    patience: Option<Duration>,
    /// What it asks for is not even tried.
    refusal: Option<Error>,
    stream: Option<Answers<WatchResponse>>,
    /// The message that was taken is the first of a new stream.
    fresh: bool,
    attempt: u32,
    moved_at: Instant,
}

impl Messages {
    /// The next message; a new stream goes on behind the token. What the reader did meanwhile does not count as waiting.
    async fn take(mut self: Box<Self>, token: String) -> Taken {
        (self.attempt, self.moved_at) = (0, Instant::now());
        if !token.is_empty() {
            self.request.start = Some(watch_request::Start::ResumeToken(token));
        }
        loop {
            let failure = match self.message().await {
                Ok(Some(response)) => return (self, Ok(response)),
                Ok(None) => Error::cut("the server ended the stream"),
                Err(failure) => failure,
            };
            self.stream = None;
            self.attempt += 1;
            let is_late = self.patience.is_some_and(|patience| self.moved_at.elapsed() > patience);
            match stream_pause(&failure, self.attempt) {
                Some(pause) if !is_late => {
                    if self.attempt == WARN_AT {
                        tracing::warn!("no connection ({failure}); the watch goes on as soon as there is one");
                    }
                    sleep(pause).await;
                }
                _ => return (self, Err(failure)),
            }
        }
    }

    async fn message(&mut self) -> Result<Option<WatchResponse>> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal);
        }
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                self.fresh = true;
                none.insert(self.loci.transport().server_stream(PATH, self.request.clone(), None).await?)
            }
        };
        stream.message().await
    }
}
