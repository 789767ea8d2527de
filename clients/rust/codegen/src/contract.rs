//! The unary methods of the contract, as the client sees them.

use std::collections::BTreeMap;

use prost_types::compiler::CodeGeneratorRequest;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

/// In the path to a comment: service 6 of the file, method 2 of the service.
const SERVICE: i32 = 6;
const METHOD: i32 = 2;

/// A unary method.
pub(crate) struct Method {
    /// `NodeService`
    pub(crate) service: String,
    /// `GetNode`
    pub(crate) name: String,
    /// `GetNodeRequest`
    pub(crate) request: String,
    /// `GetNodeResponse`
    pub(crate) response: String,
    /// What the contract says of it, a line each.
    pub(crate) comment: Vec<String>,
    /// The request has a `request_id`.
    pub(crate) has_request_id: bool,
    /// It is answered page by page.
    pub(crate) pages: Option<Pages>,
}

/// The items of the pages of a method.
pub(crate) struct Pages {
    /// The field of the response that holds them.
    pub(crate) field: String,
    /// Their type.
    pub(crate) item: String,
}

impl Method {
    /// What makes a thing may be called twice by its `request_id` only.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.has_request_id || !["Create", "Rotate"].iter().any(|verb| self.name.starts_with(verb))
    }
}

/// All unary methods, in the order of the files.
pub(crate) fn methods(request: &CodeGeneratorRequest) -> Vec<Method> {
    let wanted = |file: &&FileDescriptorProto| request.file_to_generate.iter().any(|name| name == file.name());
    let files: Vec<&FileDescriptorProto> = request.proto_file.iter().filter(wanted).collect();
    let messages: BTreeMap<&str, &DescriptorProto> =
        files.iter().flat_map(|file| &file.message_type).map(|message| (message.name(), message)).collect();
    files.iter().flat_map(|file| methods_of(file, &messages)).collect()
}

fn methods_of(file: &FileDescriptorProto, messages: &BTreeMap<&str, &DescriptorProto>) -> Vec<Method> {
    let mut found = Vec::new();
    for (at, service) in (0..).zip(&file.service) {
        for (place, method) in (0..).zip(&service.method) {
            if method.client_streaming() || method.server_streaming() {
                continue;
            }
            let (request, response) = (simple(method.input_type()), simple(method.output_type()));
            found.push(Method {
                service: service.name().to_owned(),
                name: method.name().to_owned(),
                comment: comment(file, &[SERVICE, at, METHOD, place]),
                has_request_id: field(messages[request], "request_id").is_some(),
                pages: pages(messages[request], messages[response]),
                request: request.to_owned(),
                response: response.to_owned(),
            });
        }
    }
    found
}

/// The items are the field with the number 1.
fn pages(request: &DescriptorProto, response: &DescriptorProto) -> Option<Pages> {
    field(request, "page_token")?;
    field(response, "next_page_token")?;
    let items = response.field.iter().find(|field| field.number() == 1)?;
    let is_list = items.label() == Label::Repeated && items.r#type() == Type::Message;
    is_list.then(|| Pages { field: items.name().to_owned(), item: simple(items.type_name()).to_owned() })
}

fn field<'a>(message: &'a DescriptorProto, name: &str) -> Option<&'a FieldDescriptorProto> {
    message.field.iter().find(|field| field.name() == name)
}

/// `GetNodeRequest` of `.loci.v1.GetNodeRequest`.
fn simple(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn comment(file: &FileDescriptorProto, path: &[i32]) -> Vec<String> {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    locations
        .filter(|location| location.path == path)
        .flat_map(|location| location.leading_comments().lines())
        .map(|line| line.trim().to_owned())
        .collect()
}
