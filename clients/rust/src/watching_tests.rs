use super::sealed::Keep;
use super::*;
use crate::v1::{Change, WatchFilter};

fn commit(revision: i64) -> CommitChanges {
    CommitChanges {
        revision,
        changes: vec![Change::default()],
        resume_token: format!("c{revision}"),
        ..Default::default()
    }
}

fn piece(revision: i64) -> CommitChanges {
    CommitChanges { partial: true, ..commit(revision) }
}

fn of(graph: &str, commit: CommitChanges) -> CommitChanges {
    CommitChanges { graph: graph.into(), ..commit }
}

fn message(after_revision: i64, end_revision: i64, commits: Vec<CommitChanges>) -> WatchResponse {
    WatchResponse {
        resume_token: format!("m{end_revision}"),
        after_revision,
        end_revision,
        commits,
        ..Default::default()
    }
}

fn book(after: i64) -> GraphBook {
    GraphBook::begin(&WatchRequest { start: Some(watch_request::Start::AfterRevision(after)), ..Default::default() })
}

fn filtered(after: i64) -> GraphBook {
    let filter = WatchFilter { node_types: vec!["person".into()], ..Default::default() };
    let start = Some(watch_request::Start::AfterRevision(after));
    GraphBook::begin(&WatchRequest { start, filter: Some(filter), ..Default::default() })
}

fn told(book: &mut GraphBook, response: WatchResponse, fresh: bool) -> Result<Vec<i64>> {
    book.load(response, fresh)?;
    let mut revisions = Vec::new();
    while let Some(commit) = book.next()? {
        revisions.push(commit.revision);
    }
    Ok(revisions)
}

fn is_gap<T: std::fmt::Debug>(result: Result<T>) -> bool {
    result.is_err_and(|error| error.is_watch_gap())
}

#[test]
fn dense_commits_pass_and_move_the_token() {
    let mut book = book(4);
    assert_eq!(told(&mut book, message(4, 6, vec![commit(5), commit(6)]), true).expect("no gap"), [5, 6]);
    assert_eq!((book.resume_token(), book.revision()), ("m6", 6));
    assert_eq!(told(&mut book, message(6, 6, vec![]), false).expect("no gap"), [0; 0]);
}

#[test]
fn the_token_stands_behind_the_commit_that_was_given_out() {
    let mut book = book(4);
    book.load(message(4, 6, vec![commit(5), commit(6)]), true).expect("no gap");
    book.next().expect("no gap");
    assert_eq!((book.resume_token(), book.revision()), ("c5", 5));
}

#[test]
fn a_revision_that_is_missing_is_a_gap() {
    assert!(is_gap(told(&mut book(4), message(4, 7, vec![commit(5), commit(7)]), true)));
    assert!(is_gap(told(&mut book(4), message(4, 6, vec![commit(5)]), true)));
    assert!(is_gap(told(&mut book(4), message(4, 5, vec![commit(5), commit(6)]), true)));
    assert!(is_gap(told(&mut book(4), message(4, 5, vec![commit(5), commit(5)]), true)));
}

#[test]
fn a_message_that_does_not_go_on_is_a_gap() {
    assert!(is_gap(told(&mut book(4), message(5, 6, vec![commit(6)]), true)));
    let mut book = book(4);
    told(&mut book, message(4, 5, vec![commit(5)]), true).expect("no gap");
    assert!(is_gap(told(&mut book, message(6, 7, vec![commit(7)]), false)));
}

#[test]
fn with_a_filter_revisions_may_be_left_out_but_not_go_back() {
    assert_eq!(told(&mut filtered(4), message(4, 9, vec![commit(6), commit(8)]), true).expect("no gap"), [6, 8]);
    assert!(is_gap(told(&mut filtered(4), message(4, 9, vec![commit(8), commit(6)]), true)));
}

#[test]
fn pieces_are_joined_over_messages() {
    let mut book = book(4);
    assert_eq!(told(&mut book, message(4, 4, vec![piece(5)]), true).expect("no gap"), [0; 0]);
    assert_eq!((book.resume_token(), book.revision()), ("", 4));
    book.load(message(4, 6, vec![piece(5), commit(5), commit(6)]), false).expect("no gap");
    let joined = book.next().expect("no gap").expect("a commit");
    assert_eq!((joined.changes.len(), joined.partial, joined.resume_token.as_str()), (3, false, "c5"));
}

#[test]
fn a_commit_before_the_rest_of_another_is_a_gap() {
    assert!(is_gap(told(&mut book(4), message(4, 6, vec![piece(5), commit(6)]), true)));
}

#[test]
fn pieces_of_a_cut_stream_are_dropped() {
    let mut book = book(4);
    told(&mut book, message(4, 5, vec![commit(5)]), true).expect("no gap");
    told(&mut book, message(5, 5, vec![piece(6)]), false).expect("no gap");
    assert_eq!(book.resume_token(), "m5");
    book.load(message(5, 6, vec![piece(6), commit(6)]), true).expect("no gap");
    assert_eq!(book.next().expect("no gap").map(|commit| commit.changes.len()), Some(2));
}

#[test]
fn a_stream_that_is_taken_up_must_go_on_where_the_other_ended() {
    let mut book = book(4);
    told(&mut book, message(4, 5, vec![commit(5)]), true).expect("no gap");
    assert!(is_gap(told(&mut book, message(6, 7, vec![commit(7)]), true)));
}

#[test]
fn a_token_of_another_process_says_nothing_of_revisions() {
    let start = Some(watch_request::Start::ResumeToken("kept".into()));
    let mut book = GraphBook::begin(&WatchRequest { start, ..Default::default() });
    assert_eq!(told(&mut book, message(41, 42, vec![commit(42)]), true).expect("no gap"), [42]);
}

fn feed() -> FeedBook {
    FeedBook::begin(&WatchRequest::default())
}

fn fed(book: &mut FeedBook, commits: Vec<CommitChanges>, events: Vec<GraphEvent>) -> Result<usize> {
    book.load(WatchResponse { graph_events: events, ..message(0, 0, commits) }, false)?;
    let mut count = 0;
    while book.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn event(graph: &str, kind: GraphEventKind, revision: i64) -> GraphEvent {
    GraphEvent { graph: graph.into(), kind: kind.into(), revision }
}

#[test]
fn each_graph_of_a_feed_is_dense_by_itself() {
    let mut book = feed();
    let commits = vec![of("a", commit(3)), of("b", commit(9)), of("a", commit(4))];
    assert_eq!(fed(&mut book, commits, vec![]).expect("no gap"), 3);
    assert_eq!(book.resume_token(), "m0");
    assert!(is_gap(fed(&mut book, vec![of("b", commit(11))], vec![])));
}

#[test]
fn events_say_where_a_graph_goes_on() {
    let mut book = feed();
    fed(&mut book, vec![of("a", commit(3))], vec![]).expect("no gap");
    fed(&mut book, vec![], vec![event("a", GraphEventKind::Deleted, 0)]).expect("no gap");
    assert_eq!(
        fed(&mut book, vec![of("a", commit(8))], vec![event("a", GraphEventKind::Restored, 7)]).expect("no gap"),
        2
    );
    assert!(is_gap(fed(&mut book, vec![of("b", commit(2))], vec![event("b", GraphEventKind::Created, 0)])));
}

#[test]
fn a_graph_may_not_go_on_behind_a_torn_commit() {
    let mut book = feed();
    fed(&mut book, vec![of("a", piece(3)), of("b", commit(1))], vec![]).expect("no gap");
    assert!(is_gap(fed(&mut book, vec![of("a", commit(4))], vec![])));
    let mut book = feed();
    fed(&mut book, vec![of("a", piece(3)), of("b", commit(1))], vec![event("c", GraphEventKind::Created, 0)])
        .expect("no gap");
    fed(&mut book, vec![of("b", commit(2))], vec![event("a", GraphEventKind::Deleted, 0)]).expect("deleted");
}
