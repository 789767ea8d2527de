//! Imports whose items, or whose server, do not do as they should.

mod stand_in;

use std::error::Error as _;
use std::time::Duration;

use futures_util::stream::iter;
use loci_client::{Code, Error, Loci, v1};
use stand_in::{Answer, Shown, serve};

/// Of a server that has begun the import and waits for items.
fn begun() -> Answer {
    let state = v1::ImportState { next_sequence: 1, ..Default::default() };
    Answer::message(&v1::ImportResponse { response: Some(v1::import_response::Response::State(state)) }).open()
}

async fn importing() -> (Loci, Shown) {
    let (address, shown) = serve(|_| begun()).await;
    (Loci::builder().address(address).build().expect("a client"), shown)
}

#[tokio::test]
async fn an_error_of_the_items_ends_the_import() {
    let (loci, shown) = importing().await;
    let items = iter([Ok(v1::Node::default()), Err(std::io::Error::other("the file ended early"))]);
    let error = loci.try_import("g", items).await.expect_err("the items end it");
    assert_eq!((error.code(), shown.all().len()), (Code::Unknown, 1));
    assert_eq!(error.source().expect("a cause").to_string(), "the file ended early");
}

#[tokio::test]
async fn an_error_of_an_export_is_not_taken_for_one_of_the_import() {
    let (loci, shown) = importing().await;
    let (address, _) = serve(|_| Answer::failure(Code::Unavailable)).await;
    let other = Loci::builder().address(address).build().expect("a client");
    let items = other.export("g").patience(Duration::from_millis(200)).items();
    let error: Error = loci.try_import("g", items).await.expect_err("the export ends it");
    // UNAVAILABLE of the import's own connection would have another one made.
    assert_eq!((error.code(), shown.all().len()), (Code::Unavailable, 1));
}

#[tokio::test]
async fn patience_may_be_for_ever() {
    let (loci, _) = importing().await;
    let items = iter([Err::<v1::Node, _>("no items")]);
    let error = loci.try_import("g", items).patience(Duration::MAX).await.expect_err("no items");
    assert_eq!(error.code(), Code::Unknown);
    let (address, _) = serve(|_| Answer::failure(Code::NotFound)).await;
    let other = Loci::builder().address(address).timeout(Duration::MAX).build().expect("a client");
    let error = other.export("g").patience(Duration::MAX).items().all().await.expect_err("no graph");
    assert_eq!(error.code(), Code::NotFound);
    let error = other.get_node(v1::GetNodeRequest::default()).await.expect_err("no node");
    assert_eq!(error.code(), Code::NotFound);
}

#[tokio::test]
async fn an_import_of_which_all_is_acknowledged_is_not_given_up() {
    // The server has it all, and ends the stream when it hears that there is no more: not before, and not by a reset.
    let (address, shown) = serve(|_| begun()).await;
    let loci = Loci::builder().address(address).build().expect("a client");
    let summary = loci.import("g", Vec::<v1::Node>::new()).import_id("i").await.expect("nothing to do");
    assert_eq!((summary.import_id.as_str(), summary.chunk_count), ("i", 0));
    assert_eq!(shown.ends(), ["ended"]);
}
