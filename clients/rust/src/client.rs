//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Channel;

use crate::connection::Connection;
use crate::credential::Credential;
use crate::transport::Transport;
use crate::{Builder, Call, Result, Unary};

/// The client of a server. Clones share its connection.
///
/// The connection is driven by the Tokio runtime that the client was made in. When that has ended, the next call makes
/// another connection, in the runtime of its own: a client in a `static` serves one `#[tokio::test]` after the other.
/// While the first runtime is there and does not run, as one of `new_current_thread` outside `block_on`, calls of others
/// wait for it until their deadline: make a client for each of such.
#[derive(Clone)]
pub struct Loci {
    transport: Arc<Transport>,
    timeout: Duration,
}

impl Loci {
    /// Says where the server is and who is calling.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// With what the environment says: `LOCI_ADDRESS`, and `LOCI_API_KEY`, `LOCI_API_KEY_FILE` or `LOCI_TOKEN_FILE`.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    pub(crate) fn new(connection: Connection, credential: Credential, timeout: Duration) -> Self {
        Self { transport: Arc::new(Transport::new(connection, credential)), timeout }
    }

    /// The same client, with another deadline for calls that are given none, and for each page of a list.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// Any unary method, by its request; each has a method of its own beside this.
    pub fn call<R: Unary>(&self, request: R) -> Call<R> {
        Call::new(self.clone(), request)
    }

    /// The connection, for the generated stubs of [`v1`](crate::v1): without credential, deadline and retries. It ends with
    /// the runtime that it was made in.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.transport.connection().channel()
    }

    pub(crate) fn transport(&self) -> &Arc<Transport> {
        &self.transport
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }
}

impl fmt::Debug for Loci {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loci")
            .field("address", &self.transport.connection().address().as_str())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
