//! The connection that all calls of a client go over, and where it leads.

use std::fmt::Write;
use std::sync::{PoisonError, RwLock};

use tonic::Status;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};

use crate::address::Address;
use crate::errors::{Error, Origin};

/// Of one message, either way.
pub(crate) const MAX_MESSAGE_BYTES: usize = 16 * 1024 * 1024;

/// What makes channels, and the one that is in use. A channel is driven by the Tokio runtime that it was made in and ends with
/// it: then another is made, in that of the caller.
#[derive(Debug)]
pub(crate) struct Connection {
    endpoint: Endpoint,
    current: RwLock<Made>,
    address: Address,
    is_encrypted: bool,
}

#[derive(Clone, Debug)]
struct Made {
    channel: Channel,
    /// Counts the channels.
    number: u64,
}

impl Connection {
    /// Opens nothing yet. Panics outside a Tokio runtime.
    pub(crate) fn new(endpoint: Endpoint, address: Address, is_encrypted: bool) -> Self {
        let channel = endpoint.connect_lazy();
        Self { endpoint, current: RwLock::new(Made { channel, number: 1 }), address, is_encrypted }
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn channel(&self) -> Channel {
        self.current().channel
    }

    /// Ready for a call.
    pub(crate) async fn grpc(&self) -> Result<Grpc<Channel>, Status> {
        let made = self.current();
        let mut grpc = of(made.channel);
        // No server has a part in this: it fails only if what drives the channel is gone.
        if grpc.ready().await.is_err() {
            grpc = of(self.renewed(made.number));
            grpc.ready().await.map_err(|error| Status::from_error(Box::new(error)))?;
        }
        Ok(grpc)
    }

    /// Says where the server is thought to be, where it was not reached.
    pub(crate) fn located(&self, mut error: Error, answered: bool) -> Error {
        if matches!(error.parts().origin, Origin::Refused | Origin::Cut) {
            let hint = if answered || self.is_encrypted { "" } else { "; if the server wants TLS, give tls" };
            let _ = write!(error.parts_mut().message, " (at {}{hint})", self.address.as_str());
        }
        error
    }

    fn current(&self) -> Made {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another channel than that of this number, made once for all who miss it.
    fn renewed(&self, number: u64) -> Channel {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.number == number {
            *current = Made { channel: self.endpoint.connect_lazy(), number: number + 1 };
        }
        current.channel.clone()
    }
}

fn of(channel: Channel) -> Grpc<Channel> {
    Grpc::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES).max_encoding_message_size(MAX_MESSAGE_BYTES)
}
