//! Watches that are told what they cannot do, and readers that take their time.

mod stand_in;

use std::time::Duration;

use loci_client::{Code, Loci, v1};
use stand_in::{Answer, serve};

fn told(revision: i64) -> Answer {
    let commit = v1::CommitChanges {
        revision,
        changes: vec![v1::Change::default()],
        resume_token: format!("behind {revision}"),
        ..Default::default()
    };
    Answer::message(&v1::WatchResponse {
        after_revision: revision - 1,
        end_revision: revision,
        resume_token: commit.resume_token.clone(),
        commits: vec![commit],
        ..Default::default()
    })
}

#[tokio::test]
async fn all_graphs_are_not_watched_as_one() {
    let (address, shown) = serve(|_| Answer::failure(Code::Internal)).await;
    let loci = Loci::builder().address(address).build().expect("a client");
    for graph in ["-", "graphs/-"] {
        let mut watch = loci.watch(graph).stream();
        assert_eq!(watch.next().await.expect("an error").expect_err("refused").code(), Code::InvalidArgument);
        assert!(watch.next().await.is_none());
    }
    assert!(shown.all().is_empty());
}

#[tokio::test]
async fn a_reader_that_takes_long_does_not_use_up_the_patience() {
    let answer = |call| match call {
        1 | 2 => told(i64::try_from(call).expect("few")).and(Code::Unavailable),
        _ => Answer::failure(Code::NotFound),
    };
    let (address, _) = serve(answer).await;
    let loci = Loci::builder().address(address).build().expect("a client");
    let patience = Duration::from_millis(500);
    let mut watch = loci.watch("g").after_revision(0).patience(patience).stream();
    for revision in [1, 2] {
        assert_eq!(watch.next().await.expect("a commit").expect("no error").revision, revision);
        tokio::time::sleep(2 * patience).await;
    }
    assert_eq!(watch.next().await.expect("an error").expect_err("it ends").code(), Code::NotFound);
}
