//! Messages in their JSON form and back, by the descriptors of the contract.

use std::sync::LazyLock;

use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::Value;

use crate::answers::Failure;

static CONTRACT: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(include_bytes!("../loci.binpb").as_slice()).expect("clients/rust/generate wrote descriptors")
});

/// A message of its JSON form; nothing gives an empty one.
pub(crate) fn read<M: Message + Name + Default>(json: Option<&Value>) -> Result<M, Failure> {
    let Some(json) = json else { return Ok(M::default()) };
    let message = DynamicMessage::deserialize(descriptor::<M>(), json);
    let message = message.map_err(|error| Failure::agent(format!("{}: {error}", M::NAME)))?;
    message.transcode_to().map_err(|error| Failure::agent(format!("{}: {error}", M::NAME)))
}

/// The JSON form of a message, with the names of the contract and without defaults.
pub(crate) fn written<M: Message + Name>(message: &M) -> Value {
    let mut dynamic = DynamicMessage::new(descriptor::<M>());
    dynamic.transcode_from(message).expect("the descriptors are those of the message");
    let options = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(true);
    dynamic.serialize_with_options(serde_json::value::Serializer, &options).expect("a message has a JSON form")
}

fn descriptor<M: Name>() -> MessageDescriptor {
    let found = CONTRACT.get_message_by_name(&M::full_name());
    found.unwrap_or_else(|| panic!("the descriptors know no {}", M::full_name()))
}
