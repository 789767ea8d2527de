"""A word of its own for every place for a string in every request, and the search for these words wherever a server
leaves anything."""

import base64
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from loci import AsyncClient
from loci.v1.bulk_service_pb2 import ERROR_POLICY_SKIP
from loci.v1.filter_pb2 import COMPARISON_OPERATOR_NOT_EQUAL
from tests.fuzz.cases import message
from tests.fuzz.generator import Generator
from tests.fuzz.methods import Method, methods
from tests.fuzz.world import EDGES, ENDS, GRAPHS, NODES, RELATION, mend
from tests.integration.isolation.calls import Caller
from tests.integration.isolation.identifiers import ETAG, ID, IMPORT, MAC, NAME, QUERY, RESUME, TOKEN, kind_of
from tests.integration.isolation.scene import parsed
from tests.leaves import STRUCTS, kinds, put
from tests.leaves import Path as Place

WORD = b"zqxcanary"
IN_CLEAR = 9
"""The first digit of words that may be in clear in the database, so that what is left of one tells that, too."""
CUT = f"{WORD.decode()}{IN_CLEAR}, cut"
"""The rest of such a word: PostgreSQL writes rows over what removed ones have left in a page."""
PAGE = 8192
"""Bytes of a page of PostgreSQL's WAL."""
TRIES = 160
GENERATED = 100
"""Requests that are made to find one which has what the word belongs to."""
CLEAR = frozenset(
    (
        *("Node.type", "RememberRequest.type", "Edge.relation", "Embedding.model", "Edge.source", "Edge.target"),
        *("RememberRequest.session", "CreateNodeRequest.node_id", "CreateEdgeRequest.edge_id"),
    )
)
"""Beside names and ids: what docs/security.md says is in clear."""
MADE = "CreateNodeRequest.node_id"
"""An id that is to be found in the dump, so that the search is seen to find ids: tried until a call takes it."""
UNTRUE = frozenset({TOKEN, RESUME, ETAG, QUERY, MAC, NAME})
"""Kinds of fields in which a word of our own is always refused, or names nothing."""
STRICT = ("valid_from", "valid_to", "valid_at", "method", "paths", "supersedes")
"""Fields that take no word of our own."""

NEEDLESS = {
    "preconditions",
    "request_id",
    "ttl",
    "expire_time",
    "etag",
    "as_of",
    "comparisons",
    "embedding",
    "standing",
    "weights",
}
UPDATES = {"NodeUpdate", "UpdateNodeRequest", "EdgeUpdate", "UpdateEdgeRequest"}
KEPT = {"source", "relation", "target"}
NEEDED: dict[str, dict[str, Any]] = {
    "PropertyComparison": {"key": "k", "operator": COMPARISON_OPERATOR_NOT_EQUAL},
    "Embedding": {"model": "m", "values": [0.5, 0.25, 1.0]},
    "Slot": {"name": "likes"},
    "Edge": {"source": "a", "relation": "knows", "target": "b"},
}


@dataclass(slots=True)
class Words:
    """Which word went where."""

    places: dict[str, tuple[str, Place, str]] = field(default_factory=dict)
    """Method, path and field of each word."""
    accepted: set[str] = field(default_factory=set)
    """Those that were in a call which succeeded."""

    def new(self, method: Method, path: Place, kind: str) -> str:
        word = f"{WORD.decode()}{IN_CLEAR if may_be_clear(kind) else 0}{len(self.places):04}q"
        assert len(word) == len(WORD) + 6, "words are too many for their digits"
        self.places[word] = method.path, path, kind
        return word

    def is_clear(self, word: str) -> bool:
        """Whether it may be found in the database."""
        return word in self.places and may_be_clear(self.places[word][2])

    def should_be_accepted(self, word: str) -> bool:
        method, path, kind = self.places[word]
        if method.endswith("GetImport") or path[-3:] == ("comparisons", "value", "[key]"):
            return False
        if kind == "Edge.relation" and (("edge" in path and "Update" in method) or "update_edge" in path):
            return False  # it must be the one that is there
        return kind_of(kind) not in UNTRUE and path[-1] not in STRICT and kind_of(kind) != ID

    def told(self, found: set[str]) -> list[str]:
        """Where words went that were found."""
        return [f"{word}: {self.places.get(word, '?')}" for word in sorted(found)]


def may_be_clear(kind: str) -> bool:
    return kind in CLEAR or kind_of(kind) in (NAME, ID, IMPORT)


async def say_everywhere(
    caller: Caller, client: AsyncClient, key: str, generator: Generator, rng: random.Random
) -> Words:
    """Sends a word in each place of each method, in good calls as far as there are any, and in bad ones."""
    words = Words()
    for method in methods():
        if not method.path.startswith("/loci.v1."):
            continue
        await mend(client)
        for path, kind in kinds(method.request).items():
            word = words.new(method, path, kind)
            for tried in range(TRIES if words.should_be_accepted(word) or kind == MADE else 2):
                if tried % 10 == 9:
                    await mend(client)  # a call before may have deleted what this one is about
                request = with_word(generator, rng, method, path, word)
                if method.path.endswith("UndeleteGraph") and path == ("request_id",):
                    await client.delete_graph(request[0].name)  # type: ignore[attr-defined]  # it has one
                ended = await caller.call(method, [one.SerializeToString() for one in request], key)
                if ended.code == "OK":
                    words.accepted.add(word)
                    break
            for bad in (f"{word}\0", f"{word} " * 3000):
                request = with_word(generator, rng, method, path, bad)
                await caller.call(method, [one.SerializeToString() for one in request], key)
    return words


def with_word(generator: Generator, rng: random.Random, method: Method, path: Place, word: str) -> list[Message]:
    """A request that is good, as far as chance goes, but for the word."""
    for _ in range(GENERATED):
        made: list[Any] = [parsed(method, message(rng, generator, method, n, 0.0)) for n in range(1 + method.asks_many)]
        target = made[1] if path[0] == "items" and method.asks_many else made[0]
        if holds(target, path[:-1]):
            break
    put(target, path, word if path[-1] != "paths" else f"properties.{word}")
    ease(target, path)
    if "import_id" in target.DESCRIPTOR.fields_by_name or method.asks_many:
        begin_anew(made, path, word)
    return made


def holds(message: Any, path: Place) -> bool:
    """Whether everything on the way is there."""
    for name in path:
        field = message.DESCRIPTOR.fields_by_name[name]
        if field.message_type.full_name in STRUCTS or field.message_type.GetOptions().map_entry:
            return True
        inner = getattr(message, name)
        if field.is_repeated:
            if not inner:
                return False
            message = inner[0]
        elif not message.HasField(name):
            return False
        else:
            message = inner
    return True


def begin_anew(made: list[Any], path: Place, word: str) -> None:
    """An import of its own, which the word is in the first chunk of."""
    header, chunk = (made[0].header, made[1].items) if len(made) > 1 else (made[0], getattr(made[0], "items", None))
    if "import_id" not in path:
        header.import_id = f"import-{word[len(WORD) :][:5]}-{len(word)}"
    if chunk is not None:
        header.options.on_error = ERROR_POLICY_SKIP
        chunk.sequence = 1


def ease(message: Any, path: Place) -> None:
    """Takes out of a request what chance has put there and what is not needed for the word at the path, if it can make
    the call fail; puts in what is needed."""
    fields = message.DESCRIPTOR.fields_by_name
    for name in NEEDLESS.intersection(fields).difference(path[:1]):
        message.ClearField(name)
    if "filter" in path[:1] and "names" in fields:
        message.ClearField("names")  # Forget takes one of them
    if "mutations" in fields:
        del message.mutations[1:]
        message.parent = f"graphs/{GRAPHS[0]}"
    if message.DESCRIPTOR.name in UPDATES:
        known(message)
    for name, value in NEEDED.get(message.DESCRIPTOR.name, {}).items():
        if name not in path[:1] and not (name in KEPT and getattr(message, name)):
            message.ClearField(name)
            message.MergeFrom(type(message)(**{name: value}))
    for member, value in message.ListFields():
        inner = member.message_type
        if inner is not None and inner.full_name.startswith("loci.v1.") and not inner.GetOptions().map_entry:
            on_the_way = path[1:] if path[:1] == (member.name,) else ()
            for place, item in enumerate(value if member.is_repeated else [value]):
                ease(item, on_the_way if place == 0 else ())


def known(update: Any) -> None:
    """Lets it be of something that is there."""
    if "node" in update.DESCRIPTOR.fields_by_name:
        update.node.name = f"graphs/{GRAPHS[0]}/nodes/{NODES[0]}"
    else:
        update.edge.name = f"graphs/{GRAPHS[0]}/edges/{EDGES[0]}"
        update.edge.source, update.edge.relation, update.edge.target = ENDS[0][0], RELATION, ENDS[0][1]


def forms(word: bytes) -> Iterator[bytes]:
    """As it is, in hex, in UTF-16, and in base64 wherever in a text it begins."""
    yield word
    yield word.upper()
    yield word.hex().encode()
    yield word.hex().upper().encode()
    yield word.decode().encode("utf-16-le")
    yield word.decode().encode("utf-16-be")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + word)
        start, end = (0, 2, 3)[shift], len(encoded) - (4 if (shift + len(word)) % 3 else 0)
        yield encoded[start:end]
        yield encoded[start:end].translate(bytes.maketrans(b"+/", b"-_"))


PATTERN = re.compile(b"|".join(re.escape(form) for form in dict.fromkeys(forms(WORD))))
WHOLE = re.compile(rb"%b(\d{5})|%b((?:3\d){5})" % (WORD, WORD.hex().encode()), re.IGNORECASE)
REST = re.compile(rb"%b%d\d{0,3}(?!\d)" % (WORD, IN_CLEAR))


def found_in(content: bytes) -> set[str]:
    """The words that it holds; one that cannot be read whole is told as it stands, but where it may be in clear."""
    found = set()
    for match in PATTERN.finditer(content):
        whole = WHOLE.match(content, match.start())
        if whole is None and REST.match(content, match.start()):
            found.add(CUT)
        elif whole is None:
            found.add(repr(content[match.start() : match.start() + 40]))
        else:
            digits = whole[1] or bytes.fromhex(whole[2].decode())
            found.add(f"{WORD.decode()}{digits.decode()}q")
    return found


def found_under(folder: Path) -> dict[Path, set[str]]:
    """Files and the words that they hold."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # PostgreSQL removed it meanwhile
            words = found_in(without_page_headers(content) if path.parent.name == "pg_wal" else content)
            if words:
                found[path] = words
    return found


def without_page_headers(segment: bytes) -> bytes:
    """The records of a segment of the WAL, in one piece: its pages have headers of 24 bytes, the first one of 40."""
    pages = range(PAGE, len(segment), PAGE)
    return segment[40:PAGE] + b"".join(segment[start + 24 : start + PAGE] for start in pages)
