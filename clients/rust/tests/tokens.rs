//! Tokens that change while a client lives.

mod stand_in;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use loci_client::{Code, Loci, v1};
use stand_in::{Answer, Shown, serve};

/// Gives these in turn, the last one again and again.
fn in_turn(tokens: &'static [&'static str]) -> impl Fn() -> Result<String, String> + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move || Ok(tokens[asked.fetch_add(1, Ordering::Relaxed).min(tokens.len() - 1)].to_owned())
}

async fn asking(
    tokens: &'static [&'static str],
    answer: impl Fn(usize) -> Answer + Clone + Send + 'static,
) -> (Loci, Shown) {
    let (address, shown) = serve(answer).await;
    let loci = Loci::builder().address(address).token_source(in_turn(tokens)).timeout(Duration::from_secs(20)).build();
    (loci.expect("a client"), shown)
}

fn node() -> Answer {
    Answer::message(&v1::GetNodeResponse::default())
}

fn bearer(tokens: &[&str]) -> Vec<String> {
    tokens.iter().map(|token| format!("Bearer {token}")).collect()
}

#[tokio::test]
async fn each_try_of_a_call_asks_for_the_token() {
    let answer = |call| if call < 3 { Answer::failure(Code::Unavailable) } else { node() };
    let (loci, shown) = asking(&["one", "two", "three"], answer).await;
    loci.get_node(v1::GetNodeRequest::default()).await.expect("a node");
    assert_eq!(shown.all(), bearer(&["one", "two", "three"]));
}

#[tokio::test]
async fn a_call_that_was_refused_for_its_token_is_made_once_more_with_another() {
    let (loci, shown) =
        asking(&["old", "new"], |call| if call == 1 { Answer::failure(Code::Unauthenticated) } else { node() }).await;
    loci.get_node(v1::GetNodeRequest::default()).await.expect("a node");
    assert_eq!(shown.all(), bearer(&["old", "new"]));

    for (tokens, calls) in [(&["old"] as &[&str], 1), (&["1", "2", "3", "4", "5", "6"], 2)] {
        let (loci, shown) = asking(tokens, |_| Answer::failure(Code::Unauthenticated)).await;
        // What must not be repeated may be, too: it was refused before anything was done.
        let error = loci.create_api_key(v1::CreateApiKeyRequest::default()).await.expect_err("it is refused");
        assert_eq!((error.code(), shown.all().len()), (Code::Unauthenticated, calls), "{tokens:?}");
    }
}

#[tokio::test]
async fn a_watch_goes_on_with_the_next_token() {
    let (loci, shown) = asking(&["first", "second"], |call| {
        let after_revision = i64::try_from(call).expect("few") - 1;
        let resume_token = format!("behind {call}");
        let commit = v1::CommitChanges {
            revision: after_revision + 1,
            changes: vec![v1::Change::default()],
            resume_token: resume_token.clone(),
            ..Default::default()
        };
        Answer::message(&v1::WatchResponse {
            after_revision,
            end_revision: after_revision + 1,
            commits: vec![commit],
            resume_token,
            ..Default::default()
        })
        .and(Code::Unauthenticated)
    })
    .await;
    let mut watch = loci.watch("g").after_revision(0).stream();
    for revision in [1, 2] {
        assert_eq!(watch.next().await.expect("a commit").expect("no error").revision, revision);
    }
    let error = watch.next().await.expect("an error").expect_err("there is no third token");
    assert_eq!((error.code(), shown.all()), (Code::Unauthenticated, bearer(&["first", "second"])));
    assert!(watch.next().await.is_none());
}

#[tokio::test]
async fn a_stream_whose_tokens_are_all_refused_ends() {
    let (address, shown) = serve(|_| Answer::failure(Code::Unauthenticated)).await;
    let asked = AtomicUsize::new(0);
    let another = move || Ok::<_, String>(asked.fetch_add(1, Ordering::Relaxed).to_string());
    let loci = Loci::builder().address(address).token_source(another).build().expect("a client");
    assert_eq!(loci.watch("g").stream().ready().await.expect_err("it ends").code(), Code::Unauthenticated);
    assert_eq!(shown.all().len(), 4);
    let error = loci.export("g").items().all().await.expect_err("it ends");
    assert_eq!((error.code(), shown.all().len()), (Code::Unauthenticated, 8));
}

#[tokio::test]
async fn the_error_of_a_source_is_that_of_the_call() {
    let (address, shown) = serve(|_| node()).await;
    let broken = || Err::<String, _>("the issuer is away");
    let loci = Loci::builder().address(address).token_source(broken).build().expect("a client");
    let error = loci.get_node(v1::GetNodeRequest::default()).await.expect_err("no token");
    assert_eq!(error.code(), Code::Unauthenticated);
    assert_eq!(std::error::Error::source(&error).expect("a cause").to_string(), "the issuer is away");
    let error = loci.watch("g").stream().ready().await.expect_err("no token");
    assert_eq!(error.code(), Code::Unauthenticated);
    assert!(shown.all().is_empty());
}
