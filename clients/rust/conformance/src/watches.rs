//! Watches, which go on between requests.

use std::time::Duration;

use loci_client::v1::WatchFilter;
use loci_client::{Book, FeedBook, FeedItem, GraphBook, Loci, Watch, WatchBuilder};
use serde_json::{Value, json};

use crate::answers::Failure;
use crate::calls::within;
use crate::json::{read, written};
use crate::requests::Asked;

const NEXT: Duration = Duration::from_secs(10);

/// A watch of one graph, or of all.
pub(crate) enum Watching {
    One(Watch<GraphBook>),
    All(Watch<FeedBook>),
}

impl Watching {
    /// `watch`: returns once the server has begun.
    pub(crate) async fn begin(loci: &Loci, asked: &Asked<'_>) -> Result<Self, Failure> {
        let graph = asked.text("graph")?;
        if graph == "-" {
            let mut watch = options(loci.watch_all(), asked)?.stream();
            watch.ready().await?;
            return Ok(Self::All(watch));
        }
        let mut builder = loci.watch(graph);
        if let Some(revision) = asked.number("after_revision") {
            builder = builder.after_revision(i64::try_from(revision).unwrap_or(i64::MAX));
        }
        let mut watch = options(builder, asked)?.stream();
        watch.ready().await?;
        Ok(Self::One(watch))
    }

    /// `next`
    pub(crate) async fn next(&mut self, asked: &Asked<'_>) -> Result<Value, Failure> {
        let count = asked.count("count").ok_or_else(|| Failure::agent("count is missing"))?;
        let limit = asked.millis("timeout_ms").unwrap_or(NEXT);
        let mut commits = Vec::new();
        within(limit, async {
            while commits.len() < count {
                commits.push(self.told().await?);
            }
            Ok::<_, Failure>(())
        })
        .await??;
        Ok(json!({"commits": commits, "resume_token": self.resume_token()}))
    }

    async fn told(&mut self) -> Result<Value, Failure> {
        let told = match self {
            Self::One(watch) => watch.next().await.map(|commit| commit.map(|commit| written(&commit))),
            Self::All(watch) => watch.next().await.map(|item| item.map(|item| feed_item(&item))),
        };
        Ok(told.ok_or_else(|| Failure::agent("the watch has ended"))??)
    }

    fn resume_token(&self) -> &str {
        match self {
            Self::One(watch) => watch.resume_token(),
            Self::All(watch) => watch.resume_token(),
        }
    }
}

fn options<B: Book>(mut builder: WatchBuilder<B>, asked: &Asked<'_>) -> Result<WatchBuilder<B>, Failure> {
    if let Some(start) = asked.start()?
        && asked.message("after_revision").is_none()
    {
        builder = builder.start(start);
    }
    if let Some(token) = asked.optional_text("resume_token") {
        builder = builder.resume_token(token);
    }
    if let Some(filter) = asked.message("filter") {
        builder = builder.filter(read::<WatchFilter>(Some(filter))?);
    }
    Ok(builder)
}

fn feed_item(item: &FeedItem) -> Value {
    match item {
        FeedItem::Commit(commit) => written(commit),
        FeedItem::Event(event) => written(event),
    }
}
