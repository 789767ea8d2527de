"""Messages made from their descriptors: each field holds what a caller would send or, by chance, what no one should.

How likely the latter is says `hostility`, from 0 to 1. A field that is new in the contract is filled by its type; add
its name to the table of plausible values if only certain ones get anywhere.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from loci.v1.bulk_service_pb2 import ERROR_POLICY_SKIP
from loci.v1.search_service_pb2 import SearchWeights
from tests.fuzz import world
from tests.fuzz.values import DATES, FLOATS, INTS, LONG_TEXTS, PATHS, SELDOM, TEXTS, WORDS
from tests.fuzz.world import World

T = TypeVar("T")
ARMS = tuple(SearchWeights.DESCRIPTOR.fields_by_name)
"""The members of SearchWeights, each from 0 to 1."""


class Generator:
    """Makes messages; the same ones for the same `rng`, and the same `there`."""

    def __init__(self, rng: random.Random, there: World) -> None:
        self._rng = rng
        self._there = there
        self._plausible: dict[str, Callable[[Any], Any]] = {
            "parent": self._parent,
            "parents": self._parent,
            "name": self._name,
            "names": lambda kind: self._name(kind, edge="Edge" in kind.name),
            "start_names": lambda kind: self._node(),
            "seed_names": lambda kind: self._node(),
            "source_name": lambda kind: self._node(),
            "target_name": lambda kind: self._node(),
            "resource": lambda kind: self._of("", self._graph(), self._node(), f"tenants/{world.VICTIM}"),
            "api_key": lambda kind: self._of("", *there.api_keys),
            "method": lambda kind: self._of("", "loci.v1.NodeService/GetNode"),
            "exists": lambda kind: self._node(),
            "absent": lambda kind: f"{self._graph()}/nodes/absent{self._rng.randrange(9)}",
            "source": lambda kind: self._of(*world.NODES),
            "target": lambda kind: self._of(*world.NODES),
            "relation": lambda kind: self._of(world.RELATION, "likes"),
            "relations": lambda kind: self._of(world.RELATION, "likes"),
            "type": lambda kind: self._of("person", "fact", ""),
            "types": lambda kind: self._of("person", "fact"),
            "node_types": lambda kind: self._of("person", "fact"),
            "graph_id": lambda kind: self._of("", f"new{self._rng.randrange(10_000)}"),
            "tenant_id": lambda kind: f"t{self._rng.randrange(10_000)}",
            "node_id": lambda kind: self._of("", *world.NODES, f"n{self._rng.randrange(10_000)}"),
            "new_node_id": lambda kind: self._of(*world.NODES, f"n{self._rng.randrange(100)}"),
            "edge_id": lambda kind: self._of("", f"e{self._rng.randrange(100)}"),
            "import_id": lambda kind: f"i{self._rng.randrange(600 if kind.name == 'ImportChunkRequest' else 6)}",
            "request_id": self._request_id,
            "query": lambda kind: self._of("tea", "Who likes tea?", "Where did Ann walk last May?"),
            **dict.fromkeys(ARMS, lambda kind: self._of(0.0, 0.5, 1.0)),
            "page_token": lambda kind: self._of("", "", "", "", there.page_token, there.page_token[:-3]),
            "etag": lambda kind: self._of("", "", "", "", "", "", "1", "2", "zz"),
            "service": lambda kind: self._of("", "loci.v1.NodeService"),
            "model": lambda kind: self._of("m", "m4"),
            "values": lambda kind: self._of(0.5, -0.25, 1.0),
            "sequence": lambda kind: self._of(1, 1, 1, 1, 2, 3),
            "salience": lambda kind: self._rng.random(),
            "min_salience": lambda kind: self._of(0.0, 0.5),
            "max_salience": lambda kind: self._of(0.5, 1.0),
            # Far from what most have: when a job makes it anew decides on which side of a usual one it is.
            "min_current_salience": lambda kind: self._of(0.0, 0.01),
            "max_current_salience": lambda kind: self._of(0.99, 1.0),
            "boost": lambda kind: self._of(-1.0, 0.0, 0.5, 1.0),
            "query_id": lambda kind: self._of("", "", "019a7b1c-0000-7000-8000-000000000000"),
            "node_name": lambda kind: self._of("", self._node()),
            "revision": lambda kind: self._of(0, 1, 1),
            "after_revision": lambda kind: self._of(0, 1),
            "resume_token": lambda kind: self._of("", there.page_token),
            "graph_revision": lambda kind: self._of(1, 2, 2**63 - 1),
            "nanos": lambda kind: self._of(0, 1000, 999_999_999),
            "seconds": self._seconds,
            "paths": lambda kind: self._of(*PATHS),
            "text": lambda kind: self._of("tea with Ann", "a walk", "She likes tea."),
            "session": lambda kind: self._of("", "s1"),
            "session_id": lambda kind: self._of("", "s1", f"s{self._rng.randrange(100)}"),
            "slot": lambda kind: self._of("", "likes"),
            "supersedes": lambda kind: self._node(),
            "importance": lambda kind: self._rng.random(),
            "confidence": lambda kind: self._rng.random(),
            "key": lambda kind: self._of("k", "since"),
            "scopes": lambda kind: self._of(1, 2, 3),
            "graphs": lambda kind: self._of(self._graph(), "graphs/g*", "graphs/*"),
            "valid_from": lambda kind: self._of("", "", *DATES),
            "valid_to": lambda kind: self._of("", "", "", "2030"),
            "valid_at": lambda kind: self._of(*DATES),
        }

    def message(self, descriptor: Descriptor, hostility: float, depth: int = 0) -> Message:
        message = GetMessageClass(descriptor)()
        if descriptor.full_name == "google.protobuf.Value":
            self._value(message, hostility, depth)
            return message
        for oneof in descriptor.oneofs:
            members = [oneof.fields[0]] if len(oneof.fields) == 1 else oneof.fields
            if self._rng.random() < 0.95 - 0.5 * hostility or (depth == 0 and len(members) > 1):
                self._fill(message, self._rng.choice(members), hostility, depth)
        for field in descriptor.fields:
            if field.containing_oneof is not None:
                continue
            needed = is_required(field) and self._rng.random() >= hostility * 0.2
            if needed or self._rng.random() < (0.6 if depth < 6 else 0.1):
                self._fill(message, field, hostility, depth)
        if descriptor.name == "Edge" and self._rng.random() < 0.8 - hostility:
            self._become_known(message)
        if descriptor.name == "CreateEdgeRequest" and self._rng.random() < 0.8 - hostility:
            self._become_new(message)
        if descriptor.name == "ImportChunkRequest" and self._rng.random() < 0.5 - hostility:
            self._forgive(message)
        return message

    def _forgive(self, chunk: Any) -> None:
        """A new import that leaves bad items out."""
        chunk.import_id = f"new{self._rng.randrange(10_000)}"
        chunk.options.on_error = ERROR_POLICY_SKIP
        chunk.items.sequence = 1

    def _become_new(self, request: Any) -> None:
        """An edge between nodes that there are, of whose names and ends none contradicts another."""
        request.edge.name = ""
        source, target = self._rng.sample(world.NODES, 2)
        request.edge.source, request.edge.target = source, target

    def _become_known(self, edge: Any) -> None:
        """The name and the ends of an edge that there is: ends of an update must be those."""
        place = self._rng.randrange(len(world.EDGES))
        edge.name = f"graphs/{world.GRAPHS[0]}/edges/{world.EDGES[place]}"
        edge.source, edge.target = world.ENDS[place]
        edge.relation = world.RELATION

    def _fill(self, message: Message, field: FieldDescriptor, hostility: float, depth: int) -> None:
        if self._is_map(field):
            self._fill_map(message, field, hostility, depth)
        elif field.is_repeated:
            target = getattr(message, field.name)
            for _ in range(self._count(field, hostility)):
                if field.message_type is not None:
                    target.append(self.message(field.message_type, hostility, depth + 1))
                else:
                    target.append(self._scalar(field, hostility))
        elif field.message_type is not None:
            if field.name in SELDOM and self._rng.random() > hostility + 0.3:
                return
            target = getattr(message, field.name)
            target.SetInParent()
            target.CopyFrom(self.message(field.message_type, hostility, depth + 1))
        else:
            setattr(message, field.name, self._scalar(field, hostility))

    def _fill_map(self, message: Message, field: Any, hostility: float, depth: int) -> None:
        target = getattr(message, field.name)
        hostile = self._rng.random() < hostility
        count = self._rng.choice((0, 1, 2, 17, 1001 if depth < 6 else 1)) if hostile else self._rng.randrange(3)
        for place in range(count):
            key = self._rng.choice(TEXTS) if hostile and place < 3 else self._of("k", "since", f"p{place}")
            target[key].CopyFrom(
                self.message(field.message_type.fields_by_name["value"].message_type, hostility, depth)
            )

    def _value(self, value: Any, hostility: float, depth: int) -> None:
        """A google.protobuf.Value."""
        roll = self._rng.random()
        if roll < 0.03 * hostility:
            return  # no kind at all
        if roll < 0.15 * hostility:
            self._deep(value, self._rng.choice((15, 17, 30)))
        elif roll < 0.4 and depth < 5:
            member = self._rng.choice(("struct_value", "list_value"))
            descriptor = value.DESCRIPTOR.fields_by_name[member].message_type
            getattr(value, member).SetInParent()
            getattr(value, member).CopyFrom(self.message(descriptor, hostility, depth + 3))
        elif roll < 0.6:
            value.number_value = self._rng.choice(FLOATS) if self._rng.random() < hostility else 1
        elif roll < 0.8:
            value.string_value = self._text(hostility) if self._rng.random() < hostility else "tea"
        elif roll < 0.9:
            value.bool_value = True
        else:
            value.null_value = 0

    def _deep(self, value: Any, levels: int) -> None:
        for _ in range(levels):
            value = value.struct_value.fields["k"] if self._rng.random() < 0.5 else value.list_value.values.add()
        value.number_value = 1

    def _scalar(self, field: Any, hostility: float) -> Any:
        plausible = self._plausible.get(field.name)
        is_hostile = self._rng.random() < hostility
        match field.cpp_type:
            case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
                return self._rng.randbytes(self._rng.choice((0, 1, 40)))
            case FieldDescriptor.CPPTYPE_STRING:
                if is_hostile:
                    return self._text(hostility)
                return plausible(field.containing_type) if plausible else self._rng.choice(WORDS)
            case FieldDescriptor.CPPTYPE_BOOL:
                return self._rng.random() < 0.5
            case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
                if is_hostile:
                    return self._rng.choice(FLOATS)
                return plausible(field.containing_type) if plausible else self._of(0.5, 1.0, 2.0)
            case FieldDescriptor.CPPTYPE_ENUM:
                if is_hostile:
                    return self._of(99, -1, 2**31 - 1, -(2**31))
                numbers = [number for number in field.enum_type.values_by_number if number or not is_required(field)]
                return plausible(field.containing_type) if plausible else self._rng.choice(numbers)
            case _:
                if is_hostile:
                    return self._within(field, self._rng.choice(INTS))
                return plausible(field.containing_type) if plausible else self._of(0, 1, 2, 5)

    def _within(self, field: Any, value: int) -> int:
        wide = field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)
        unsigned = field.cpp_type in (FieldDescriptor.CPPTYPE_UINT32, FieldDescriptor.CPPTYPE_UINT64)
        high: int = (1 << (63 if wide else 31)) - 1
        return max(0 if unsigned else -high - 1, min(high, value))

    def _count(self, field: FieldDescriptor, hostility: float) -> int:
        counts: tuple[int, ...] = (1, 1, 2, 3)
        if self._rng.random() < 0.1 * hostility:
            counts = (0, 17, 65, 101, 1001, 4001) if field.message_type is None else (0, 21, 101)
        elif field.name == "values" and field.message_type is None:
            counts = (3,)  # dimensions
        return self._rng.choice(counts)

    def _text(self, hostility: float) -> str:
        if self._rng.random() < 0.02:
            return self._rng.choice(LONG_TEXTS)
        if self._rng.random() < 0.1:
            return "".join(chr(self._rng.choice((self._rng.randrange(32, 0xD800), 0x1F600))) for _ in range(20))
        return self._rng.choice(TEXTS)

    def _seconds(self, kind: Descriptor) -> int:
        """Of a Duration, or of a Timestamp."""
        if kind.name == "Duration":
            return self._of(0, 60, 86_400)
        return self._of(0, 1_700_000_000, 4_000_000_000, -62_135_596_800, 253_402_300_799)

    def _request_id(self, kind: Descriptor) -> str:
        if kind.name.startswith("Erase"):
            return world.DOOMED
        return self._of("", "", "", "once", f"r{self._rng.randrange(1000)}")

    def _parent(self, kind: Descriptor) -> str:
        if "Audit" in kind.name:
            return self._of("tenants/-", f"tenants/{world.VICTIM}", "installation")
        of_tenants = ("ApiKey", "ListReembeddings", "ListKeyRotations", "ListErasures", "ListIdentities")
        return "tenants/-" if any(word in kind.name for word in of_tenants) else self._graph()

    def _name(self, kind: Descriptor, edge: bool = False) -> str:
        """Of what the message is about, as far as its own name tells."""
        word = kind.full_name
        if kind.name == "Slot":
            return self._of("likes", "lives_in")
        if "ApiKey" in word:
            return self._rng.choice(self._there.api_keys)
        if kind.name in ("RotateKeysRequest", "GetKeyRotationRequest"):
            return self._of(self._graph(), "tenants/-", f"tenants/{world.VICTIM}", "installation")
        if kind.name == "GetErasureRequest":
            return self._of(self._there.erasure, f"erasures/{UUID(int=self._rng.getrandbits(128))}")
        if kind.name in ("EraseGraphRequest", "EraseTenantRequest"):
            return f"{'graphs' if 'Graph' in kind.name else 'tenants'}/{world.DOOMED}"
        if kind.name == "GetTenantUsageRequest":
            return self._of("tenants/-", f"tenants/{world.VICTIM}")
        if kind.name == "GetIdentityRequest":
            return f"tenants/-/identities/{self._rng.randrange(1000)}"
        if "Tenant" in word:
            return f"tenants/{world.VICTIM}"
        if "Graph" in word or "Reembedding" in word or "Recalculation" in word:
            return self._graph()
        if kind.name in ("AppendTurnsRequest", "GetTranscriptRequest"):
            return f"graphs/{world.GRAPHS[0]}/nodes/session:{world.SESSION}"
        if kind.name in ("Node", "Edge") and self._rng.random() < 0.5:
            new = f"{self._graph()}/nodes/n{self._rng.randrange(1000)}"
            return self._rng.choice(("", new)) if kind.name == "Node" else ""
        if edge or "Edge" in word or ("Etag" in word and self._rng.random() < 0.5):
            return f"{self._graph()}/edges/{self._of(*world.EDGES)}"
        return self._node()

    def _graph(self) -> str:
        return f"graphs/{self._of(*world.GRAPHS[:1] * 30, *world.GRAPHS)}"

    def _node(self) -> str:
        return f"{self._graph()}/nodes/{self._of(*world.NODES)}"

    def _of(self, *values: T) -> T:
        return self._rng.choice(values)

    def _is_map(self, field: FieldDescriptor) -> bool:
        return field.message_type is not None and field.message_type.GetOptions().map_entry


def is_required(field: FieldDescriptor) -> bool:
    """Whether the contract says that the field is required."""
    behaviours: Sequence[int] = next(
        (value for option, value in field.GetOptions().ListFields() if option.name == "field_behavior"), ()
    )
    return 2 in behaviours  # google.api.FieldBehavior.REQUIRED
