"""Bad requests of the verbs of MemoryService."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type"

from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct, Value

from loci.v1 import memory_service_pb2 as memories
from loci.v1.filter_pb2 import NodeFilter
from tests.bad_requests.case import CANARY, INVALID, TOO_LATE, A, Bad, G

SESSION = f"{G}/nodes/session:none"


def kept(key: str) -> Struct:
    return Struct(fields={key: Value(string_value=CANARY)})


def remember(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = memories.RememberRequest(**({"parent": G, "text": CANARY} | fields))
    return Bad("MemoryService/Remember", request, code, reason, field)


def forget(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    return Bad("MemoryService/Forget", memories.ForgetRequest(**({"parent": G} | fields)), code, reason, field)


def start(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = memories.StartSessionRequest(**({"parent": G} | fields))
    return Bad("MemoryService/StartSession", request, code, reason, field)


def append(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = memories.AppendTurnsRequest(**({"name": SESSION, "turns": [{"text": CANARY}]} | fields))
    return Bad("MemoryService/AppendTurns", request, code, reason, field)


def transcript(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = memories.GetTranscriptRequest(**({"name": SESSION} | fields))
    return Bad("MemoryService/GetTranscript", request, code, reason, field)


MEMORIES = [
    remember("text", text=" "),
    remember("text", "LIMIT_EXCEEDED", text="x" * (256 * 1024 + 1)),
    remember("text", text="a\0b"),
    remember("node_id", "INVALID_NAME", node_id="a/b"),
    remember("", "NODE_EXISTS", "ALREADY_EXISTS", node_id="a"),
    remember("type", type="a b"),
    remember("label", "LIMIT_EXCEEDED", label="x" * 4097),
    remember("session", "LIMIT_EXCEEDED", session="x" * 201),
    remember("speaker", "LIMIT_EXCEEDED", speaker="x" * 241),
    remember("speaker", speaker="\0"),
    remember("event_time", event_time=TOO_LATE),
    remember("valid_from", "INVALID_DATE", valid_from=CANARY),
    remember("valid_to", "INVALID_DATE", valid_from="2002", valid_to="2001"),
    remember("metadata", metadata=kept("session")),
    remember("metadata", metadata=kept("speaker")),
    remember("metadata", metadata=kept("")),
    remember("expire_time", expire_time={"seconds": 1}),
    remember("expire_time", expire_time=TOO_LATE),
    remember("ttl", ttl={"seconds": 0}),
    remember("ttl", ttl={"seconds": 10**12}),
    remember("importance", importance=1.1),
    remember("confidence", confidence=float("nan")),
    remember("slot.name", slot={"value": CANARY}),
    remember("slot.name", slot={"name": "a b"}),
    remember("slot.value", "LIMIT_EXCEEDED", slot={"name": "s", "value": "x" * 1025}),
    remember("slot.value", text="x" * 1025, slot={"name": "s"}),
    remember("slot.subject", "LIMIT_EXCEEDED", slot={"name": "s", "subject": "x" * 257}),
    remember("source", "LIMIT_EXCEEDED", source="x" * 257),
    remember("supersedes", "LIMIT_EXCEEDED", supersedes=[A] * 17),
    remember("supersedes[0]", "INVALID_NAME", supersedes=[CANARY]),
    remember("supersedes[0]", supersedes=["graphs/other/nodes/a"]),
    remember("supersedes[0]", node_id="n", supersedes=[f"{G}/nodes/n"]),
    remember("supersedes[1]", "NODE_NOT_FOUND", "NOT_FOUND", supersedes=[A, f"{G}/nodes/none"]),
    remember("session", "NODE_NOT_FOUND", "NOT_FOUND", session="none"),
    remember("request_id", "LIMIT_EXCEEDED", request_id="x" * 129),
    remember("note", "LIMIT_EXCEEDED", note="x" * 1025),
    forget("filter"),
    forget("filter", filter=NodeFilter()),
    forget("filter", names=[A], filter=NodeFilter(types=["t"])),
    forget("names", "LIMIT_EXCEEDED", names=[A] * 1001),
    forget("names[1]", names=[A, "graphs/other/nodes/a"]),
    forget("names[0]", "INVALID_NAME", names=[CANARY]),
    forget("filter.types[0]", filter=NodeFilter(types=["a b"])),
    forget("filter.valid_at", "INVALID_DATE", filter=NodeFilter(valid_at=CANARY)),
    forget("filter.session", filter=NodeFilter(session="s", properties={"session": Value(string_value="s")})),
    *(
        forget(f"filter.comparisons[0].{field}", reason, filter=ParseDict({"comparisons": [comparison]}, NodeFilter()))
        for field, reason, comparison in (
            ("key", "INVALID_FIELD", {"operator": 1, "value": 1}),
            ("key", "LIMIT_EXCEEDED", {"key": "x" * 257, "operator": 1, "value": 1}),
            ("operator", "INVALID_FIELD", {"key": "k", "value": 1}),
            ("operator", "INVALID_FIELD", {"key": "k", "operator": 99, "value": 1}),
            ("value", "INVALID_FIELD", {"key": "k", "operator": 1}),
            ("value", "INVALID_FIELD", {"key": "k", "operator": 1, "value": True}),
            ("value", "INVALID_FIELD", {"key": "k", "operator": 5, "value": None}),
            ("value", "INVALID_FIELD", {"key": "k", "operator": 1, "value": [1]}),
            ("value", "INVALID_FIELD", {"key": "k", "operator": 1, "value": float("nan")}),
        )
    ),
    forget("filter.comparisons", "LIMIT_EXCEEDED", filter={"comparisons": [{"key": "k"}] * 17}),
    start("session_id", "INVALID_NAME", session_id="a/b"),
    start("session_id", "INVALID_NAME", session_id="x" * 201),
    start("metadata", metadata=kept("turn_count")),
    start("start_time", start_time=TOO_LATE),
    start("session.label", "LIMIT_EXCEEDED", title="x" * 4097),
    append("turns", turns=[]),
    append("turns", "LIMIT_EXCEEDED", turns=[{"text": "x"}] * 201),
    append("turns[0].text", turns=[{"text": " "}]),
    append("turns[0].text", "LIMIT_EXCEEDED", turns=[{"text": "x" * (256 * 1024 + 1)}]),
    append("turns[0].speaker", "LIMIT_EXCEEDED", turns=[{"text": "x", "speaker": "x" * 241}]),
    append("turns[0].metadata", turns=[{"text": "x", "metadata": kept("speaker")}]),
    append("turns[0].event_time", turns=[{"text": "x", "event_time": TOO_LATE}]),
    append("name", "INVALID_NAME", name=CANARY),
    append("name", name=A),
    append("", "NODE_NOT_FOUND", "NOT_FOUND"),
    transcript("name", "INVALID_NAME", name=CANARY),
    transcript("name", name=A),
    transcript("", "NODE_NOT_FOUND", "NOT_FOUND"),
    transcript("page_size", page_size=-1),
]
