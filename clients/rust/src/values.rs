//! Values of messages from those of Rust.

use std::time::SystemTime;

use prost_types::{Struct, Timestamp, Value};

/// Properties of a node or edge, or the metadata of a memory.
///
/// ```
/// let properties = loci_client::properties([("age", 39.0.into()), ("city", "Austin".into())]);
/// ```
pub fn properties<K: Into<String>>(fields: impl IntoIterator<Item = (K, Value)>) -> Struct {
    Struct { fields: fields.into_iter().map(|(key, value)| (key.into(), value)).collect() }
}

/// A moment, such as an `event_time`.
#[must_use]
pub fn timestamp(time: SystemTime) -> Timestamp {
    time.into()
}
