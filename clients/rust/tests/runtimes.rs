//! Clients that outlive the runtime that they were made in, and calls that take too long.

mod stand_in;

use std::sync::mpsc;
use std::time::Duration;

use loci_client::{Code, Loci, v1};
use stand_in::{Answer, listen, serve};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A server in a thread of its own, which ends with the tests.
fn serve_apart() -> String {
    let (told, address) = mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async {
            let (address, _) = serve(|_| Answer::message(&v1::WatchResponse::default()).open()).await;
            told.send(address).expect("the test waits for it");
            std::future::pending::<()>().await;
        });
    });
    address.recv().expect("it serves")
}

#[test]
fn a_client_goes_on_in_another_runtime_when_its_own_has_ended() {
    let address = serve_apart();
    let first = runtime();
    let loci = first.block_on(async { Loci::builder().address(address).build() }).expect("a client");
    first.block_on(async { loci.watch("g").stream().ready().await }).expect("it is ready");
    drop(first);
    for _ in 0..2 {
        let other = runtime();
        let ready = async {
            let mut watches = [loci.watch("g").stream(), loci.watch("h").stream()];
            for watch in &mut watches {
                tokio::time::timeout(Duration::from_secs(20), watch.ready()).await.expect("it does not hang")?;
            }
            // Also what must not be repeated.
            loci.create_api_key(v1::CreateApiKeyRequest::default()).await
        };
        other.block_on(ready).expect("it goes on");
    }
}

#[tokio::test]
async fn the_end_of_a_deadline_is_told_in_the_same_words_by_both_sides() {
    let (address, _) = serve(|_| Answer::failure(Code::DeadlineExceeded)).await;
    let (_silent, quiet) = listen().await;
    for address in [address, quiet] {
        let loci = Loci::builder().address(address).timeout(Duration::from_millis(250)).build().expect("a client");
        let error = loci.get_node(v1::GetNodeRequest::default()).await.expect_err("it is late");
        assert_eq!(error.to_string(), "DeadlineExceeded: The call did not end within its deadline of 0.25 s.");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_named() {
    let (listener, address) = listen().await;
    drop(listener);
    let loci = Loci::builder().address(&address).build().expect("a client");
    let error = loci.get_node(v1::GetNodeRequest::default()).await.expect_err("nobody is there");
    assert!(error.code() == Code::Unavailable && error.message().contains(&address), "{error}");
}
