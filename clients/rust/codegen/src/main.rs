//! A protoc plugin that writes what each method of the contract is for the client: its path, whether it may be
//! repeated, where its `request_id` is, what its pages hold, and a method of `Loci`. Messages and stubs are those of
//! protoc-gen-prost and protoc-gen-tonic.
//!
//! The option `own=NAME,own=NAME` names methods for which the client has a function that is written by hand.

mod contract;
mod writing;

use std::io::{Read, Write};

use prost::Message;
use prost_types::compiler::code_generator_response::{Feature, File};
use prost_types::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};

fn main() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let request = CodeGeneratorRequest::decode(bytes.as_slice()).map_err(std::io::Error::other)?;
    let own: Vec<&str> = request.parameter().split(',').filter_map(|option| option.strip_prefix("own=")).collect();
    let content = writing::source(&contract::methods(&request), &own);
    let response = CodeGeneratorResponse {
        supported_features: Some(Feature::Proto3Optional as u64),
        file: vec![File { name: Some("methods.rs".into()), content: Some(content), ..File::default() }],
        ..CodeGeneratorResponse::default()
    };
    std::io::stdout().write_all(&response.encode_to_vec())
}
