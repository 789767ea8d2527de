"""The methods of the contract by name, as their descriptors have them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from .connection import CONTRACT
from .retries import new_request_id


@dataclass(frozen=True, slots=True)
class Method:
    """A unary one."""

    name: str
    request: type[Message]
    response: type[Message]


@cache
def unary_methods() -> dict[str, Method]:
    """By `NodeService/GetNode`."""
    found: dict[str, Method] = {}
    for module in CONTRACT:
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                if not method.client_streaming and not method.server_streaming:
                    name = f"{service.name}/{method.name}"
                    found[name] = Method(name, GetMessageClass(method.input_type), GetMessageClass(method.output_type))
    return found


def answered_by(method: str, request: Message) -> Method:
    """Raises ValueError for what is no unary method, TypeError for a request of another one."""
    described = unary_methods().get(method)
    if described is None:
        raise ValueError(f"{method} is no unary method of Loci; one is NodeService/GetNode")
    if not isinstance(request, described.request):
        raise TypeError(f"{method} takes a {described.request.DESCRIPTOR.name}, not a {type(request).__name__}")
    return described


def completed(request: Message) -> Message:
    """A copy of the request, which pages may change; with a new `request_id` where there is a place for one and none
    in it."""
    made = type(request)()
    made.CopyFrom(request)
    place: Any = made
    if "request_id" in made.DESCRIPTOR.fields_by_name and not place.request_id:
        place.request_id = new_request_id()
    return made


def items_of(method: Method) -> str:
    """The field of its answers that holds the items of a page."""
    fields = method.response.DESCRIPTOR.fields
    lists = [field.name for field in fields if field.is_repeated and field.message_type is not None]
    if "next_page_token" not in method.response.DESCRIPTOR.fields_by_name or not lists:
        raise ValueError(f"{method.name} has no pages")
    return lists[0]
