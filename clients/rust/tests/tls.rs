//! TLS with own roots, a certificate of the client, and a name that is not that of the address.

mod stand_in;

use std::sync::Arc;
use std::time::Duration;

use loci_client::{Code, Loci, Result, Tls, v1};
use rcgen::CertifiedKey;
use stand_in::{Answer, Shown, connection, listen};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

type Certified = CertifiedKey<rcgen::KeyPair>;

fn certificate(name: &str) -> Certified {
    rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate")
}

/// Of a server that takes only callers with this certificate.
fn config(own: &Certified, callers: &Certified) -> ServerConfig {
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(callers.cert.der().clone()).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.expect("a verifier"))
        .with_single_cert(vec![own.cert.der().clone()], key)
        .expect("a certificate and its key");
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

async fn serve_tls(config: ServerConfig) -> (String, Shown) {
    let (listener, address) = listen().await;
    let (acceptor, shown) = (TlsAcceptor::from(Arc::new(config)), Shown::default());
    let recorded = shown.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(socket) = acceptor.accept(socket).await {
                let answer = |_| Answer::message(&v1::GetNodeResponse::default());
                tokio::spawn(connection(socket, recorded.clone(), answer));
            }
        }
    });
    (address, shown)
}

async fn call(address: &str, tls: Tls) -> Result<v1::GetNodeResponse> {
    let loci = Loci::builder().address(address).api_key("key-of-a-test").tls(tls).build()?;
    loci.get_node(v1::GetNodeRequest::default()).await
}

#[tokio::test]
async fn both_sides_show_certificates() {
    let (own, caller) = (certificate("loci.example"), certificate("caller.example"));
    let (address, shown) = serve_tls(config(&own, &caller)).await;
    let own_roots = || Tls::new().roots(own.cert.pem());
    let known = |tls: Tls| tls.identity(caller.cert.pem(), caller.signing_key.serialize_pem());
    call(&address, known(own_roots()).server_name("loci.example")).await.expect("both know each other");
    assert_eq!(shown.all(), ["Bearer key-of-a-test"]);
    for (what, tls) in [
        ("no certificate of the client", own_roots().server_name("loci.example")),
        ("another name", known(own_roots())),
        ("other roots", known(Tls::new().roots(caller.cert.pem())).server_name("loci.example")),
    ] {
        let error = call(&address, tls).await.expect_err(what);
        assert_eq!(error.code(), Code::Unavailable, "{what}: {error}");
    }
    // Of the system, which may have none.
    call(&address, known(Tls::new()).server_name("loci.example")).await.expect_err("roots of the system");
    assert_eq!(shown.all().len(), 1, "no key went to a server that was not known");
}

#[tokio::test]
async fn who_gives_no_tls_is_told_that_the_server_may_want_it() {
    let (own, caller) = (certificate("loci.example"), certificate("caller.example"));
    let (address, _) = serve_tls(config(&own, &caller)).await;
    let loci = Loci::builder().address(&address).build().expect("a client");
    let error = loci.get_node(v1::GetNodeRequest::default()).await.expect_err("no TLS");
    let hint = format!(" (at {address}; if the server wants TLS, give tls)");
    assert!(error.code() == Code::Unavailable && error.message().ends_with(&hint), "{error}");
    let error = loci.watch("g").patience(Duration::ZERO).stream().ready().await.expect_err("no TLS");
    assert!(error.code() == Code::Unavailable && error.message().ends_with(&hint), "{error}");
    let error = call(&address, Tls::new().roots(own.cert.pem())).await.expect_err("another name");
    assert!(error.message().ends_with(&format!(" (at {address})")), "{error}");
}

#[tokio::test]
async fn certificates_that_are_none_are_refused() {
    let own = certificate("loci.example");
    for tls in [
        Tls::new().roots("no PEM"),
        Tls::new().roots(own.signing_key.serialize_pem()),
        Tls::new().roots(own.cert.pem()).identity(own.cert.pem(), "no key"),
        Tls::new().roots(own.cert.pem()).identity("no certificate", own.signing_key.serialize_pem()),
    ] {
        let error = Loci::builder().address("127.0.0.1:1").tls(tls).build().expect_err("it is refused");
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(!error.to_string().contains("PRIVATE KEY"));
    }
}
