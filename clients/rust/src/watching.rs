//! What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::v1::{CommitChanges, GraphEvent, GraphEventKind, WatchRequest, WatchResponse, watch_request};
use crate::{Error, Result};

/// What a watch of all graphs tells.
#[derive(Clone, Debug, PartialEq)]
pub enum FeedItem {
    /// A commit of a graph, which it names.
    Commit(CommitChanges),
    /// A graph was made, deleted, or is back: read it anew then.
    Event(GraphEvent),
}

/// What a watch keeps in mind: [`GraphBook`] or [`FeedBook`].
pub trait Book: sealed::Keep {}
impl<B: sealed::Keep> Book for B {}

pub(crate) mod sealed {
    use super::{Result, WatchRequest, WatchResponse};

    pub trait Keep: Send + Unpin + 'static {
        /// It keeps in mind how far each graph is, not one.
        const IS_OF_ALL: bool;
        /// What is told.
        type Told: Send;
        fn begin(request: &WatchRequest) -> Self;
        /// Takes a message; `fresh`: the first of a new stream. Gives an error if something is missing before it.
        fn load(&mut self, response: WatchResponse, fresh: bool) -> Result<()>;
        /// What comes next, after the token was moved behind it; none: the message is done with.
        fn next(&mut self) -> Result<Option<Self::Told>>;
        fn resume_token(&self) -> &str;
        fn revision(&self) -> i64;
    }
}

/// Puts the pieces of a large commit together.
#[derive(Debug, Default)]
struct Pieces {
    /// A commit of which the rest is still to come.
    pending: Option<CommitChanges>,
}

impl Pieces {
    /// The commit, if this was its last piece.
    fn add(&mut self, mut piece: CommitChanges) -> Result<Option<CommitChanges>> {
        if let Some(mut begun) = self.pending.take_if(|begun| begun.graph == piece.graph) {
            if begun.revision != piece.revision {
                return Err(Error::gap(format!(
                    "revision {} comes before the rest of {}",
                    piece.revision, begun.revision
                )));
            }
            begun.changes.append(&mut piece.changes);
            begun.resume_token = piece.resume_token;
            begun.partial = piece.partial;
            piece = begun;
        }
        if piece.partial {
            self.pending = Some(piece);
            return Ok(None);
        }
        self.pending = None;
        Ok(Some(piece))
    }
}

/// Of a watch of one graph: checks that nothing is missing.
#[derive(Debug)]
pub struct GraphBook {
    resume_token: String,
    revision: i64,
    /// There is no filter, and each revision has its commit.
    dense: bool,
    asked: Option<i64>,
    known: bool,
    covered: Option<i64>,
    pieces: Pieces,
    commits: VecDeque<CommitChanges>,
    /// The end of a message that is not done with.
    end: Option<(String, i64)>,
}

impl sealed::Keep for GraphBook {
    const IS_OF_ALL: bool = false;
    type Told = CommitChanges;

    fn begin(request: &WatchRequest) -> Self {
        let (resume_token, asked) = match &request.start {
            Some(watch_request::Start::ResumeToken(token)) => (token.clone(), None),
            Some(watch_request::Start::AfterRevision(revision)) => (String::new(), Some(*revision)),
            _ => (String::new(), None),
        };
        Self {
            resume_token,
            revision: asked.unwrap_or(0),
            dense: request.filter.as_ref().is_none_or(is_empty),
            asked,
            known: false,
            covered: None,
            pieces: Pieces::default(),
            commits: VecDeque::new(),
            end: None,
        }
    }

    fn load(&mut self, response: WatchResponse, fresh: bool) -> Result<()> {
        if fresh {
            self.connect();
        }
        if let Some(covered) = self.covered
            && covered != response.after_revision
        {
            let after = response.after_revision;
            return Err(Error::gap(format!("a message goes on behind revision {after}, not {covered}")));
        }
        check(&response, self.pieces.pending.as_ref().map(|pending| pending.revision), self.dense)?;
        if self.covered.is_none() {
            self.revision = response.after_revision;
        }
        self.known = true;
        self.commits = response.commits.into();
        self.end = Some((response.resume_token, response.end_revision));
        if self.commits.is_empty() {
            self.pass();
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<CommitChanges>> {
        while let Some(piece) = self.commits.pop_front() {
            if let Some(commit) = self.pieces.add(piece)? {
                self.resume_token.clone_from(&commit.resume_token);
                self.revision = commit.revision;
                if !commit.changes.is_empty() {
                    return Ok(Some(commit));
                }
            }
        }
        self.pass();
        Ok(None)
    }

    fn resume_token(&self) -> &str {
        &self.resume_token
    }

    fn revision(&self) -> i64 {
        self.revision
    }
}

impl GraphBook {
    /// A new stream began, behind `resume_token`: pieces come again.
    fn connect(&mut self) {
        self.pieces = Pieces::default();
        self.covered = if self.resume_token.is_empty() { self.asked } else { self.known.then_some(self.revision) };
    }

    /// The message is done with.
    fn pass(&mut self) {
        let Some((token, revision)) = self.end.take() else { return };
        self.covered = Some(revision);
        if self.pieces.pending.is_none() {
            self.resume_token = token;
            self.revision = revision;
        }
    }
}

/// Whether the commits of a message are what its revisions can have. `pending`: the revision that pieces went before of;
/// they follow each other to the last one, which says that there are no more.
fn check(response: &WatchResponse, mut pending: Option<i64>, dense: bool) -> Result<()> {
    let gap = |text: String| Err(Error::gap(text));
    let mut last = response.after_revision;
    for piece in &response.commits {
        if let Some(pending) = pending
            && piece.revision != pending
        {
            return gap(format!("revision {} comes before the rest of {pending}", piece.revision));
        }
        if piece.revision <= last || (dense && piece.revision != last.saturating_add(1)) {
            return gap(format!("revision {} comes behind {last}", piece.revision));
        }
        if piece.partial {
            pending = Some(piece.revision);
        } else {
            (pending, last) = (None, piece.revision);
        }
    }
    if let Some(pending) = pending {
        last = pending.saturating_sub(1); // that much of it is told, not more
    }
    let end = response.end_revision;
    if last > end || (last < end && (dense || pending.is_some())) {
        return gap(format!("a message ends with revision {end}, its commits with {last}"));
    }
    Ok(())
}

/// Of a watch of all graphs: checks that nothing is missing of any.
#[derive(Debug)]
pub struct FeedBook {
    resume_token: String,
    /// There is no filter, and the revisions of each graph follow each other.
    dense: bool,
    revisions: HashMap<String, i64>,
    pieces: Pieces,
    /// Graphs with a commit that was left before its last piece: they are deleted, or something is missing.
    torn: HashSet<String>,
    events: VecDeque<GraphEvent>,
    commits: VecDeque<CommitChanges>,
    /// The token of a message that is not done with.
    end: Option<String>,
}

impl sealed::Keep for FeedBook {
    const IS_OF_ALL: bool = true;
    type Told = FeedItem;

    fn begin(request: &WatchRequest) -> Self {
        let resume_token = match &request.start {
            Some(watch_request::Start::ResumeToken(token)) => token.clone(),
            _ => String::new(),
        };
        Self {
            resume_token,
            dense: request.filter.as_ref().is_none_or(is_empty),
            revisions: HashMap::new(),
            pieces: Pieces::default(),
            torn: HashSet::new(),
            events: VecDeque::new(),
            commits: VecDeque::new(),
            end: None,
        }
    }

    fn load(&mut self, response: WatchResponse, fresh: bool) -> Result<()> {
        if fresh {
            self.pieces = Pieces::default();
            self.torn.clear();
        }
        self.events = response.graph_events.into();
        self.commits = response.commits.into();
        self.end = Some(response.resume_token);
        if self.events.is_empty() && self.commits.is_empty() {
            self.pass();
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<FeedItem>> {
        if let Some(event) = self.events.pop_front() {
            self.note(&event);
            return Ok(Some(FeedItem::Event(event)));
        }
        while let Some(piece) = self.commits.pop_front() {
            self.leave_for(&piece.graph)?;
            if let Some(commit) = self.pieces.add(piece)? {
                self.check(&commit)?;
                self.resume_token.clone_from(&commit.resume_token);
                if !commit.changes.is_empty() {
                    return Ok(Some(FeedItem::Commit(commit)));
                }
            }
        }
        self.pass();
        Ok(None)
    }

    fn resume_token(&self) -> &str {
        &self.resume_token
    }

    fn revision(&self) -> i64 {
        0
    }
}

impl FeedBook {
    /// The message is done with.
    fn pass(&mut self) {
        if let Some(token) = self.end.take()
            && self.pieces.pending.is_none()
        {
            self.resume_token = token;
        }
    }

    fn note(&mut self, event: &GraphEvent) {
        self.pieces.pending.take_if(|pending| pending.graph == event.graph);
        self.torn.remove(&event.graph);
        if event.kind() == GraphEventKind::Deleted {
            self.revisions.remove(&event.graph);
        } else {
            self.revisions.insert(event.graph.clone(), event.revision);
        }
    }

    /// A piece of a graph comes next.
    fn leave_for(&mut self, graph: &str) -> Result<()> {
        if self.torn.contains(graph) {
            return Err(Error::gap(format!("{graph} goes on, but the rest of a commit never came")));
        }
        if let Some(left) = self.pieces.pending.take_if(|pending| pending.graph != graph) {
            self.torn.insert(left.graph);
        }
        Ok(())
    }

    fn check(&mut self, commit: &CommitChanges) -> Result<()> {
        let before = self.revisions.get(&commit.graph).copied().unwrap_or(commit.revision.saturating_sub(1));
        if commit.revision <= before || (self.dense && commit.revision != before.saturating_add(1)) {
            let (graph, revision) = (&commit.graph, commit.revision);
            return Err(Error::gap(format!("{graph} goes on with revision {revision} behind {before}")));
        }
        self.revisions.insert(commit.graph.clone(), commit.revision);
        Ok(())
    }
}

fn is_empty(filter: &crate::v1::WatchFilter) -> bool {
    *filter == crate::v1::WatchFilter::default()
}

#[cfg(test)]
#[path = "watching_tests.rs"]
mod tests;
