//! The Rust client of Loci, a memory server for AI agents.
//!
//! [`Loci`] is the client: clone it freely, all clones share one connection. Each method of the service is a method of
//! it that takes the request of [`v1`] and gives a [`Call`] to await:
//!
//! ```no_run
//! use loci_client::{Loci, Reason, names, v1};
//!
//! # async fn example() -> loci_client::Result<()> {
//! let loci = Loci::builder().address("127.0.0.1:50051").api_key("KEY").build()?;
//! let request = v1::GetNodeRequest { name: names::node("alice", "ann"), ..Default::default() };
//! match loci.get_node(request).await {
//!     Ok(response) => println!("{:?}", response.node),
//!     Err(error) if error.reason() == Reason::NodeNotFound => println!("nobody there"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Deadline, credential, retries and `request_id` are the client's business. To cancel a call or a stream, drop it.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod address;
mod builder;
mod call;
mod client;
mod codec;
mod connection;
mod credential;
mod errors;
mod exports;
mod importing;
mod imports;
mod memories;
pub mod names;
mod pages;
mod retries;
pub mod rpc;
mod status;
#[cfg(feature = "tls")]
mod tls;
mod transport;
mod values;
mod watches;
mod watching;

pub use builder::Builder;
pub use call::{Call, Method, Unary};
pub use client::Loci;
pub use errors::{Code, Error, FieldViolation, ItemFailure, Reason, Result};
pub use exports::Export;
pub use importing::ImportSummary;
pub use imports::Import;
pub use pages::{Items, Paged};
#[cfg(feature = "tls")]
pub use tls::Tls;
pub use values::{properties, timestamp};
pub use watches::{Watch, WatchBuilder};
pub use watching::{Book, FeedBook, FeedItem, GraphBook};

/// The messages of the contract, and the stubs of gRPC for who wants to call without what the client adds.
pub mod v1 {
    #![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, rustdoc::all, reason = "it is generated")]
    include!("gen/loci.v1.rs");
    include!("gen/loci.v1.tonic.rs");
    include!("gen/methods.rs");
}

/// The Protobuf types that messages of [`v1`] hold beside their own.
pub use prost_types;
