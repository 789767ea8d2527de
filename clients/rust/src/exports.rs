//! Export: every node, then every edge, as they stood at one revision; and the audit. Both are taken up again where a
//! connection was cut.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::stream::try_unfold;
use prost::Message;
use tokio::time::{Instant, sleep};

use crate::imports::{PATIENCE, lifetime};
use crate::retries::{is_within, stream_pause};
use crate::transport::Answers;
use crate::v1::{
    AuditEntry, BulkItem, ExportAuditEntriesRequest, ExportAuditEntriesResponse, ExportRequest, ExportResponse,
};
use crate::{Error, Items, Loci, Result, names};

impl Loci {
    /// All items of a graph, as they stand at one revision.
    ///
    /// ```no_run
    /// # async fn example(loci: loci_client::Loci) -> loci_client::Result<()> {
    /// let mut items = loci.export("alice").revision(7).items();
    /// while let Some(item) = items.next().await {
    ///     println!("{:?}", item?.item);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, graph: &str) -> Export {
        let request = ExportRequest { parent: names::graph(graph), ..ExportRequest::default() };
        Export { loci: self.clone(), request, patience: PATIENCE }
    }

    /// All entries of an audit in the order of their chain, from a sequence on. Needs the scope ADMIN.
    pub fn export_audit_entries(&self, request: ExportAuditEntriesRequest) -> Items<AuditEntry> {
        entries(Pages::new(self.clone(), request, PATIENCE))
    }
}

/// An export before it begins.
#[derive(Clone, Debug)]
#[must_use = "an export begins when its stream is polled"]
pub struct Export {
    loci: Loci,
    request: ExportRequest,
    patience: Duration,
}

impl Export {
    /// As the graph stood then. Default: now.
    pub fn revision(mut self, revision: i64) -> Self {
        self.request.revision = revision;
        self
    }

    /// With the vectors that callers gave.
    pub fn include_embeddings(mut self, include: bool) -> Self {
        self.request.include_embeddings = include;
        self
    }

    /// Items in one message: 1 to 1,000; default 500.
    pub fn page_size(mut self, size: i32) -> Self {
        self.request.page_size = size;
        self
    }

    /// Goes on behind a page that was read by another process.
    pub fn page_token(mut self, token: impl Into<String>) -> Self {
        self.request.page_token = token.into();
        self
    }

    /// How long to go on trying without progress; default 60 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The items: nodes, then edges.
    pub fn items(self) -> Items<BulkItem> {
        entries(Pages::new(self.loci, self.request, self.patience))
    }

    /// As [`items`](Self::items), page by page: keep a page's `next_page_token` to go on behind it in another process.
    pub fn pages(self) -> Items<ExportResponse> {
        let pages = Pages::new(self.loci, self.request, self.patience);
        Items::new(try_unfold(pages, |mut pages| async move { Ok(pages.next().await?.map(|page| (page, pages))) }))
    }
}

/// A request that is answered by a stream of pages and can be asked from any page on.
trait Resumable: Message + Clone + 'static {
    const PATH: &'static str;
    type Page: Message + Default + 'static;
    type Entry: Send + 'static;

    /// Moves it behind a page. True if that is known to be the last one.
    fn pass(&mut self, page: &Self::Page) -> bool;
    /// Whether the stream may end here.
    fn may_end(&self) -> bool;
    fn entries(page: Self::Page) -> Vec<Self::Entry>;
}

impl Resumable for ExportRequest {
    const PATH: &'static str = "/loci.v1.BulkService/Export";
    type Page = ExportResponse;
    type Entry = BulkItem;

    fn pass(&mut self, page: &ExportResponse) -> bool {
        self.page_token.clone_from(&page.next_page_token);
        self.page_token.is_empty()
    }

    fn may_end(&self) -> bool {
        self.page_token.is_empty()
    }

    fn entries(page: ExportResponse) -> Vec<BulkItem> {
        page.items
    }
}

impl Resumable for ExportAuditEntriesRequest {
    const PATH: &'static str = "/loci.v1.AdminService/ExportAuditEntries";
    type Page = ExportAuditEntriesResponse;
    type Entry = AuditEntry;

    fn pass(&mut self, page: &ExportAuditEntriesResponse) -> bool {
        if let Some(entry) = page.entries.last() {
            self.first_sequence = entry.sequence.saturating_add(1);
        }
        false
    }

    fn may_end(&self) -> bool {
        true
    }

    fn entries(page: ExportAuditEntriesResponse) -> Vec<AuditEntry> {
        page.entries
    }
}

fn entries<R: Resumable>(pages: Pages<R>) -> Items<R::Entry> {
    Items::new(try_unfold((pages, VecDeque::new()), |(mut pages, mut entries)| async move {
        loop {
            if let Some(entry) = entries.pop_front() {
                return Ok(Some((entry, (pages, entries))));
            }
            match pages.next().await? {
                Some(page) => entries = R::entries(page).into(),
                None => return Ok(None),
            }
        }
    }))
}

/// The pages, over cut connections.
struct Pages<R: Resumable> {
    loci: Loci,
    request: R,
    patience: Duration,
    stream: Option<Answers<R::Page>>,
    is_done: bool,
    attempt: u32,
    moved_at: Instant,
}

impl<R: Resumable> Pages<R> {
    fn new(loci: Loci, request: R, patience: Duration) -> Self {
        Self { loci, request, patience, stream: None, is_done: false, attempt: 0, moved_at: Instant::now() }
    }

    async fn next(&mut self) -> Result<Option<R::Page>> {
        if self.attempt == 0 {
            self.moved_at = Instant::now();
        }
        while !self.is_done {
            let failure = match self.message().await {
                Ok(Some(page)) => {
                    self.is_done = self.request.pass(&page);
                    self.attempt = 0;
                    return Ok(Some(page));
                }
                Ok(None) if self.request.may_end() => {
                    self.is_done = true;
                    break;
                }
                Ok(None) => Error::cut("the server ended the stream early"),
                Err(failure) => failure,
            };
            self.stream = None;
            self.attempt += 1;
            match stream_pause(&failure, self.attempt) {
                Some(pause) if is_within(self.moved_at, pause, self.patience) => sleep(pause).await,
                _ => return Err(failure),
            }
        }
        Ok(None)
    }

    async fn message(&mut self) -> Result<Option<R::Page>> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let lifetime = lifetime(self.patience);
                none.insert(self.loci.transport().server_stream(R::PATH, self.request.clone(), Some(lifetime)).await?)
            }
        };
        stream.message().await
    }
}
