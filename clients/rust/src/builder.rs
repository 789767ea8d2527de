//! Where the server is, how it is reached and who is calling.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Endpoint;

use crate::address::{self, Address};
use crate::connection::Connection;
use crate::credential::{Credential, TokenSource};
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::{Error, Loci, Result};

const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const KEEPALIVE: Duration = Duration::from_secs(60);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);
const USER_AGENT: &str = concat!("loci-rust/", env!("CARGO_PKG_VERSION"));

/// What a client is made of. What is not given comes from the environment: see each method.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    address: Option<String>,
    shown: Shown,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
    timeout: Duration,
    user_agent: Option<String>,
    insecure: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: None,
            shown: Shown::default(),
            #[cfg(feature = "tls")]
            tls: None,
            timeout: TIMEOUT,
            user_agent: None,
            insecure: false,
        }
    }
}

impl Builder {
    /// `HOST:PORT`, or `unix:PATH`. Default: `LOCI_ADDRESS`, else `127.0.0.1:50051`.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// An API key, or a token of an OIDC issuer that does not expire while the client lives. Default: `LOCI_API_KEY`, else
    /// the content of the file that `LOCI_API_KEY_FILE` names, else the tokens of the file that `LOCI_TOKEN_FILE` names,
    /// else none.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.shown.key = Some(key.into());
        self
    }

    /// What gives the token of an OIDC issuer (JWT) that is good now, in place of an API key. It is asked before each try
    /// of a call and must not wait: let it answer from memory, and refresh the token beside. A call, or the stream of a
    /// watch, that was refused for its token is made again if there is another one by then.
    ///
    /// ```no_run
    /// use std::sync::{Arc, RwLock};
    ///
    /// # fn example() -> loci_client::Result<()> {
    /// let token = Arc::new(RwLock::new(String::from("of the issuer")));
    /// let kept = Arc::clone(&token); // a task of yours writes to the other one
    /// let loci = loci_client::Loci::builder()
    ///     .token_source(move || kept.read().map(|token| token.clone()).map_err(|error| error.to_string()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token_source<E>(mut self, give: impl Fn() -> Result<String, E> + Send + Sync + 'static) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.shown.tokens = Some(Arc::new(move || give().map_err(Into::into)));
        self
    }

    /// Shows the token that a file holds now: it is read again for each try, as whoever renews it writes it anew.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.shown.tokens = Some(Credential::token_file(path.into()));
        self
    }

    /// Encrypts. Without it only this machine is reached, unless [`insecure`](Self::insecure) is said.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The deadline of each call that is given none, from its beginning, over all its tries. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Goes before the client's own name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Lets the API key, or the token, go to another machine unencrypted.
    pub fn insecure(mut self, insecure: bool) -> Self {
        self.insecure = insecure;
        self
    }

    /// The client. It connects with its first call, and needs a Tokio runtime to be made in: see [`Loci`] about clients that
    /// outlive it. Refuses what must not be: no address, a key or token that would leave this
    /// machine unencrypted, certificates that are none.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn build(self) -> Result<Loci> {
        self.resolved(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn resolved(self, environment: impl Fn(&str) -> Option<String>) -> Result<Loci> {
        if self.timeout.is_zero() {
            return Err(Error::refused("the timeout must be more than 0 s"));
        }
        let address = self.address.clone().or_else(|| environment("LOCI_ADDRESS"));
        let address = Address::parse(address.as_deref().unwrap_or(address::DEFAULT))?;
        let credential = match (&self.shown.key, &self.shown.tokens) {
            (Some(_), Some(_)) => return Err(Error::refused("give an API key or tokens, not both")),
            (Some(key), None) => Credential::key(key)?,
            (None, Some(source)) => Credential::Tokens(Arc::clone(source)),
            (None, None) => Credential::of(environment)?,
        };
        if credential.is_there() && !self.is_encrypted() && !self.insecure && !address.is_local() {
            return Err(Error::refused(format!(
                "the API key or token would go to {} unencrypted: give tls, or say insecure",
                address.as_str()
            )));
        }
        let endpoint = self.endpoint(&address)?;
        let connection = Connection::new(endpoint, address, self.is_encrypted());
        Ok(Loci::new(connection, credential, self.timeout))
    }

    #[cfg_attr(not(feature = "tls"), allow(clippy::unused_self, reason = "without TLS there is nothing to look at"))]
    fn is_encrypted(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    fn endpoint(&self, address: &Address) -> Result<Endpoint> {
        let refused =
            |error: tonic::transport::Error| Error::refused(format!("{}: {}", address.as_str(), chain(&error)));
        let user_agent = match &self.user_agent {
            Some(own) => format!("{own} {USER_AGENT}"),
            None => USER_AGENT.to_owned(),
        };
        let endpoint = Endpoint::from_shared(address.uri(self.is_encrypted()))
            .and_then(|endpoint| endpoint.user_agent(user_agent))
            .map_err(refused)?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .tcp_nodelay(true);
        #[cfg(feature = "tls")]
        let endpoint = match &self.tls {
            Some(tls) => endpoint.tls_config(tls.clone().config()?).map_err(refused)?,
            None => endpoint,
        };
        Ok(endpoint)
    }
}

/// What is to be shown with calls, and never otherwise.
#[derive(Clone, Default)]
struct Shown {
    key: Option<String>,
    tokens: Option<TokenSource>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.key.is_some() || self.tokens.is_some() { "Shown(..)" } else { "Shown(none)" })
    }
}

/// An error and what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    fn refusal(builder: Builder) -> Error {
        builder.resolved(nothing).expect_err("it is refused")
    }

    #[tokio::test]
    async fn a_key_stays_on_this_machine_without_tls() {
        let error = refusal(Builder::default().address("loci.example:443").api_key("secret"));
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.to_string().contains("loci.example:443"));
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_token_stays_on_this_machine_without_tls() {
        let token = || Builder::default().address("loci.example:443").token_source(|| Ok::<_, String>("secret".into()));
        let error = refusal(token());
        assert!(!format!("{error} {error:?} {:?}", token()).contains("secret"));
        assert!(token().insecure(true).resolved(nothing).is_ok());
        refusal(Builder::default().api_key("key").token_file("token"));
    }

    #[tokio::test]
    async fn a_key_may_go_to_this_machine_and_where_one_says_so() {
        let local = Builder::default().address("localhost:1").api_key("secret").resolved(nothing);
        let said = Builder::default().address("10.0.0.1:1").api_key("secret").insecure(true).resolved(nothing);
        let none = Builder::default().address("10.0.0.1:1").resolved(nothing);
        assert!(local.is_ok() && said.is_ok() && none.is_ok());
    }

    #[cfg(feature = "tls")]
    #[tokio::test]
    async fn certificates_that_are_none_are_refused() {
        assert!(Tls::new().roots_file("/nowhere").is_err());
    }

    #[tokio::test]
    async fn what_is_not_given_comes_from_the_environment() {
        let environment = |name: &str| match name {
            "LOCI_ADDRESS" => Some("loci.example:1".to_owned()),
            "LOCI_API_KEY" => Some("secret".to_owned()),
            _ => None,
        };
        assert!(Builder::default().resolved(environment).is_err());
        let loci = Builder::default().insecure(true).resolved(environment).expect("a client");
        let shown = format!("{loci:?}");
        assert!(shown.contains("loci.example:1") && !shown.contains("secret"), "{shown}");
        assert!(!format!("{:?}", Builder::default().api_key("secret")).contains("secret"));
    }

    #[tokio::test]
    async fn a_timeout_of_nothing_is_refused() {
        refusal(Builder::default().timeout(Duration::ZERO));
    }
}
