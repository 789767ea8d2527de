//! What an import keeps in mind: which chunks are on their way, what the server has, what became of the items. No I/O.
//!
//! Chunks are numbered from 1 and cut by count and size alone, so that the same items with the same chunk size make the
//! same chunks each time; that is what lets an import be taken up again.

use std::collections::BTreeMap;

use prost::Message;

use crate::errors::{Error, ItemFailure, Origin};
use crate::v1::{
    BulkItem, ChunkResult, Edge, ImportItems, ImportRequest, ImportState, Node, bulk_item, import_request,
};
use crate::{Code, Result, names};

/// A chunk that reaches this is closed; with the largest item it still fits into one message.
pub(crate) const CHUNK_BYTES: usize = 4 * 1024 * 1024;
/// Chunks sent and not yet acknowledged.
const IN_FLIGHT: usize = 4;

/// How an import went. Counts of nodes, edges and failures are of the whole import, earlier runs included.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ImportSummary {
    /// Give it again to go on with the import in another process.
    pub import_id: String,
    /// Nodes that were written.
    pub node_count: i64,
    /// Edges that were written.
    pub edge_count: i64,
    /// Items that were left out.
    pub failed_count: i64,
    /// Items of this run whose id was taken and that gave way.
    pub kept_count: i64,
    /// Chunks that this run had acknowledged.
    pub chunk_count: u64,
    /// Chunks that the server had from an earlier run.
    pub skipped_chunk_count: u64,
    /// The revision of the last commit of this run; 0 if it wrote nothing.
    pub revision: i64,
    /// The items of this run that were left out.
    pub errors: Vec<ItemFailure>,
}

impl From<Node> for BulkItem {
    fn from(node: Node) -> Self {
        Self { item: Some(bulk_item::Item::Node(node)), ..Self::default() }
    }
}

impl From<Edge> for BulkItem {
    fn from(edge: Edge) -> Self {
        Self { item: Some(bulk_item::Item::Edge(edge)), ..Self::default() }
    }
}

/// Cuts items into chunks.
#[derive(Debug)]
pub(crate) struct Chunks {
    graph: String,
    size: usize,
    items: Vec<BulkItem>,
    bytes: usize,
}

impl Chunks {
    pub(crate) fn new(graph: &str, size: usize) -> Self {
        Self { graph: graph.to_owned(), size, items: Vec::new(), bytes: 0 }
    }

    /// Takes an item, named in this graph: an export of one graph can so be imported into another. Gives a chunk if it
    /// is full by that.
    pub(crate) fn add(&mut self, mut item: BulkItem) -> Option<Vec<BulkItem>> {
        match &mut item.item {
            Some(bulk_item::Item::Node(node)) => node.name = names::moved(&self.graph, "nodes", &node.name),
            Some(bulk_item::Item::Edge(edge)) => edge.name = names::moved(&self.graph, "edges", &edge.name),
            None => {}
        }
        self.bytes += item.encoded_len();
        self.items.push(item);
        if self.items.len() >= self.size || self.bytes >= CHUNK_BYTES { self.rest() } else { None }
    }

    /// What is not a full chunk.
    pub(crate) fn rest(&mut self) -> Option<Vec<BulkItem>> {
        self.bytes = 0;
        Some(std::mem::take(&mut self.items)).filter(|items| !items.is_empty())
    }
}

/// The state of one import.
#[derive(Debug)]
pub(crate) struct ImportBook {
    pub(crate) summary: ImportSummary,
    strict: bool,
    resumed_at: Option<i64>,
    next_sequence: i64,
    next_index: u64,
    unacknowledged: BTreeMap<i64, (u64, Vec<BulkItem>)>,
    last_sent: i64,
    window: usize,
}

impl ImportBook {
    /// `strict`: a bad item ends the import.
    pub(crate) fn new(import_id: String, strict: bool) -> Self {
        Self {
            summary: ImportSummary { import_id, ..ImportSummary::default() },
            strict,
            resumed_at: None,
            next_sequence: 1,
            next_index: 0,
            unacknowledged: BTreeMap::new(),
            last_sent: 0,
            window: IN_FLIGHT,
        }
    }

    /// Whether another chunk may be sent before an acknowledgement.
    pub(crate) fn has_room(&self) -> bool {
        self.unacknowledged.len() < self.window
    }

    /// Whether all that was sent is acknowledged.
    pub(crate) fn is_empty(&self) -> bool {
        self.unacknowledged.is_empty()
    }

    /// Takes the first answer of a connection. What an earlier connection left unacknowledged is sent again, also if the
    /// server has it: it answers as the first time. It begins with one chunk: if a chunk was what broke the connection,
    /// no others are lost with it.
    pub(crate) fn connected(&mut self, state: &ImportState) {
        self.last_sent = 0;
        if self.resumed_at.is_some() {
            self.window = 1;
            return;
        }
        self.resumed_at = Some(state.next_sequence);
        self.summary.node_count = state.node_count;
        self.summary.edge_count = state.edge_count;
        self.summary.failed_count = state.failed_count;
    }

    /// Takes the next chunk, and leaves it if the server had it before this run. The first and the last of those are
    /// sent all the same: the server refuses them if they hold other items than before.
    pub(crate) fn add(&mut self, items: Vec<BulkItem>) {
        let (sequence, start) = (self.next_sequence, self.next_index);
        self.next_sequence += 1;
        self.next_index += items.len() as u64;
        let last_had = self.resumed_at.unwrap_or(0) - 1;
        if self.had(sequence) && sequence != 1 && sequence != last_had {
            self.summary.skipped_chunk_count += 1;
        } else {
            self.unacknowledged.insert(sequence, (start, items));
        }
    }

    /// What may be sent now over this connection; it counts as sent.
    pub(crate) fn sendable(&mut self) -> Vec<ImportRequest> {
        let open = self.unacknowledged.iter().take(self.window).filter(|(sequence, _)| **sequence > self.last_sent);
        let requests: Vec<ImportRequest> = open
            .map(|(sequence, (_, items))| ImportItems { sequence: *sequence, items: items.clone() })
            .map(|items| ImportRequest { request: Some(import_request::Request::Items(items)) })
            .collect();
        if !requests.is_empty() {
            self.last_sent =
                self.unacknowledged.keys().take(self.window).next_back().copied().unwrap_or(self.last_sent);
        }
        requests
    }

    /// Counts a chunk. Gives `BAD_ITEMS` if it was refused for its items.
    pub(crate) fn acknowledge(&mut self, result: &ChunkResult) -> Result<()> {
        let Some((start, _)) = self.unacknowledged.remove(&result.sequence) else { return Ok(()) };
        if self.had(result.sequence) {
            self.summary.skipped_chunk_count += 1;
            return Ok(());
        }
        self.window = (self.window + 1).min(IN_FLIGHT);
        let failures: Vec<ItemFailure> = result.errors.iter().map(|error| failure(start, error)).collect();
        if self.strict && !failures.is_empty() {
            return Err(bad_items(failures));
        }
        let summary = &mut self.summary;
        summary.node_count += result.node_count;
        summary.edge_count += result.edge_count;
        summary.kept_count += result.kept_count;
        summary.failed_count += i64::try_from(failures.len()).unwrap_or(i64::MAX);
        summary.errors.extend(failures);
        summary.chunk_count += 1;
        summary.revision = summary.revision.max(result.revision);
        Ok(())
    }

    /// An error that ended the connection, with its items counted among all: chunks are written in their order, so
    /// they are of the first that is not acknowledged.
    pub(crate) fn located(&self, mut error: Error) -> Error {
        let Some((start, _)) = self.unacknowledged.values().next() else { return error };
        let parts = error.parts_mut();
        parts.failures.iter_mut().for_each(|failure| failure.index += start);
        if let Some(first) = parts.failures.first() {
            let said = parts.message.trim_end_matches('.');
            parts.message = format!("{said}; the first is item {}: {}", first.index, first.error);
        }
        error
    }

    /// Whether the server had this chunk before this run.
    fn had(&self, sequence: i64) -> bool {
        self.resumed_at.is_some_and(|resumed_at| sequence < resumed_at)
    }
}

fn failure(start: u64, error: &crate::v1::ItemError) -> ItemFailure {
    let status = error.status.clone().unwrap_or_default();
    ItemFailure { index: start + u64::try_from(error.index).unwrap_or(0), error: Error::from(&status) }
}

fn bad_items(failures: Vec<ItemFailure>) -> Error {
    let first = &failures[0];
    let message = format!("{} bad items; the first is item {}: {}", failures.len(), first.index, first.error);
    let mut error = Error::new(Code::InvalidArgument, message, Origin::Answer);
    error.parts_mut().reason = "BAD_ITEMS".into();
    error.parts_mut().failures = failures;
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason;
    use crate::v1::ItemError;

    fn node(id: &str) -> BulkItem {
        Node { name: format!("graphs/other/nodes/{id}"), ..Node::default() }.into()
    }

    fn sequences(requests: &[ImportRequest]) -> Vec<i64> {
        let sequence = |request: &ImportRequest| match &request.request {
            Some(import_request::Request::Items(items)) => items.sequence,
            _ => 0,
        };
        requests.iter().map(sequence).collect()
    }

    fn begun(next_sequence: i64) -> ImportBook {
        let mut book = ImportBook::new("i".into(), true);
        book.connected(&ImportState { next_sequence, node_count: 7, ..ImportState::default() });
        book
    }

    fn done(sequence: i64) -> ChunkResult {
        ChunkResult { sequence, revision: sequence + 10, node_count: 1, ..ChunkResult::default() }
    }

    #[test]
    fn chunks_are_cut_by_count_and_named_in_the_graph() {
        let mut chunks = Chunks::new("alice", 2);
        assert!(chunks.add(node("a")).is_none());
        let full = chunks.add(node("b")).expect("a chunk");
        let Some(bulk_item::Item::Node(first)) = &full[0].item else { panic!("a node") };
        assert_eq!((full.len(), first.name.as_str()), (2, "graphs/alice/nodes/a"));
        assert!(chunks.rest().is_none());
    }

    #[test]
    fn chunks_are_cut_by_size() {
        let mut chunks = Chunks::new("alice", 1000);
        let large: BulkItem = Node { text: "x".repeat(CHUNK_BYTES), ..Node::default() }.into();
        assert_eq!(chunks.add(large).map(|chunk| chunk.len()), Some(1));
    }

    #[test]
    fn four_are_in_flight() {
        let mut book = begun(1);
        for _ in 0..4 {
            assert!(book.has_room());
            book.add(vec![node("a")]);
        }
        assert!(!book.has_room());
        assert_eq!(sequences(&book.sendable()), [1, 2, 3, 4]);
        assert!(book.sendable().is_empty());
        book.acknowledge(&done(1)).expect("counted");
        book.add(vec![node("b")]);
        assert_eq!(sequences(&book.sendable()), [5]);
        assert_eq!((book.summary.node_count, book.summary.revision), (8, 11));
    }

    #[test]
    fn what_was_not_acknowledged_is_sent_again_one_at_first() {
        let mut book = begun(1);
        (0..3).for_each(|_| book.add(vec![node("a")]));
        book.sendable();
        book.acknowledge(&done(1)).expect("counted");
        book.connected(&ImportState { next_sequence: 4, ..ImportState::default() });
        assert_eq!(sequences(&book.sendable()), [2]);
        book.acknowledge(&done(2)).expect("counted");
        assert_eq!(sequences(&book.sendable()), [3]);
        book.acknowledge(&done(2)).expect("an acknowledgement that came twice counts once");
        assert_eq!(book.summary.chunk_count, 2);
    }

    #[test]
    fn what_the_server_had_before_is_skipped_but_for_its_ends() {
        let mut book = begun(5);
        (0..5).for_each(|_| book.add(vec![node("a")]));
        assert_eq!(sequences(&book.sendable()), [1, 4, 5]);
        for sequence in [1, 4, 5] {
            book.acknowledge(&done(sequence)).expect("counted");
        }
        assert_eq!((book.summary.skipped_chunk_count, book.summary.chunk_count), (4, 1));
        assert!(book.is_empty());
    }

    #[test]
    fn items_of_a_refused_chunk_are_counted_among_all() {
        let mut book = begun(1);
        (0..2).for_each(|_| book.add(vec![node("a"), node("b")]));
        book.acknowledge(&done(1)).expect("counted");
        let mut sent = Error::new(Code::InvalidArgument, "1 of the items cannot be written.", Origin::Answer);
        sent.parts_mut().failures = vec![ItemFailure { index: 1, error: Error::refused("bad") }];
        let error = book.located(sent);
        assert_eq!(error.failures()[0].index, 3);
        let said = "1 of the items cannot be written; the first is item 3: InvalidArgument: bad";
        assert_eq!(error.message(), said);
    }

    #[test]
    fn bad_items_end_a_strict_import_and_are_told_by_another() {
        let error = ItemError { index: 1, status: None };
        let bad = ChunkResult { sequence: 2, errors: vec![error], ..ChunkResult::default() };
        for strict in [true, false] {
            let mut book = begun(1);
            book.strict = strict;
            (0..2).for_each(|_| book.add(vec![node("a"), node("b")]));
            book.acknowledge(&done(1)).expect("counted");
            match book.acknowledge(&bad) {
                Err(error) => {
                    assert!(strict && error.reason() == Reason::BadItems);
                    assert_eq!(error.failures()[0].index, 3);
                }
                Ok(()) => assert!(!strict && book.summary.errors[0].index == 3 && book.summary.failed_count == 1),
            }
        }
    }
}
