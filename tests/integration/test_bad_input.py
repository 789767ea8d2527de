"""Whatever a caller sends wrongly is answered with a clear typed error, and nothing is half-written."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass

from loci import AsyncClient, mutations
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commits
from loci.v1.errors_pb2 import ErrorReason
from loci.v1.graph_service_pb2 import GetGraphRequest, GetGraphStatsResponse
from loci.v1.node_pb2 import Embedding, Node
from loci.v1.node_service_pb2 import CreateNodeRequest
from loci_server.domain import limits
from tests.bad_requests import BAD_REQUESTS, CANARY, PAGED, Bad, G, paged
from tests.fuzz.methods import methods, services
from tests.limit_requests import ELSEWHERE, MAKERS
from tests.refusals import Refusal, ask, bearer, refusal
from tests.server import RunningServer
from tests.waiting import eventually

PATHS = [method.path.removeprefix("/loci.v1.") for method in methods() if method.path.startswith("/loci.v1.")]


UNBOUNDED = (("grpc.max_receive_message_length", -1),)
"""gRPC clients take answers of 4 MiB unless told otherwise; Loci gives up to 16."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant to send to, by a key that may do everything."""

    channel: grpc.aio.Channel
    key: str
    tenant: str
    client: AsyncClient

    async def ask(self, path: str, request: Any, key: str | None = None) -> Refusal:
        return await ask(self.channel, path, request, bearer(key or self.key))

    async def state(self) -> tuple[GetGraphStatsResponse, list[str]]:
        """The counts and the revision of the graph, and all graphs there are."""
        stats = GetGraphStatsResponse(stats=await self.client.get_graph_stats("g"))
        return stats, [graph.name async for graph in self.client.list_graphs(show_deleted=True)]


@pytest.fixture(scope="module")
async def place(server: RunningServer) -> AsyncIterator[Place]:
    """As bad_requests says."""
    async with server.client() as operator:
        tenant = f"bad-input-{uuid4().hex}"  # made again where another worker takes the rest of these tests
        await operator.create_tenant(tenant)
        made = await operator.create_api_key(["admin", "operator"], tenant=tenant)
    async with server.client(made.secret) as client, grpc.aio.insecure_channel(server.address, UNBOUNDED) as channel:
        for graph in ("g", "other"):
            await client.create_graph(graph)
        ring = [mutations.create_node(id, text="tea") for id in ("a", "b")]
        await client.commit("g", [*ring, mutations.create_edge("a", "r", "b", id="ab")])
        await client.start_session("other", "s")
        await client.append_turns("other", "s", ["one", "two"])
        there = Place(channel, made.secret, tenant, client)
        item = bulk.BulkItem(node=Node(text="x", embedding=Embedding(model="three", values=(1, 2, 3))))
        items = bulk.ImportItems(sequence=1, items=[item])
        first = bulk.ImportChunkRequest(parent="graphs/other", import_id="begun", items=items)
        assert (await there.ask("BulkService/ImportChunk", first)).code == "OK"
        yield there


def check(found: Refusal) -> None:
    """What every refusal has, and what none has."""
    assert found.code not in ("OK", "UNKNOWN", "INTERNAL")
    assert found.domain == "loci.dev"
    assert f"ERROR_REASON_{found.reason}" in ErrorReason.keys()  # noqa: SIM118 - not a dict
    assert found.message
    assert CANARY not in found.message
    assert CANARY.encode() not in found.raw


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=str)
async def test_it_is_refused_by_name_and_changes_nothing(bad: Bad, place: Place) -> None:
    before = await place.state()
    found = await place.ask(bad.path, bad.request)
    assert (found.code, found.reason) == (bad.code, bad.reason), found
    check(found)
    if bad.field:
        assert list(found.fields) == [bad.field]
        assert bad.field in found.message
    assert bad.says in found.message
    assert await place.state() == before


def test_no_method_is_left_out() -> None:
    nothing_to_say = {"AdminService/GetReceiptKey"}
    assert {bad.path for bad in BAD_REQUESTS} | {path for path, _ in PAGED} | nothing_to_say == set(PATHS)


async def test_contents_that_were_refused_are_not_in_the_log(place: Place, server: RunningServer) -> None:
    await place.ask("NodeService/CreateNode", CreateNodeRequest(parent=G, node=Node(text=f"{CANARY}\0")))
    assert CANARY not in server.log


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def limits_graph(place: Place) -> str:
    await place.client.create_graph("limits")
    await place.client.create_node("limits", "a")
    return "limits"


@pytest.mark.parametrize(("name", "which"), [(name, which) for name in MAKERS for which in range(len(MAKERS[name]))])
async def test_a_limit_holds_to_the_last_one(place: Place, limits_graph: str, name: str, which: int) -> None:
    limit: int = getattr(limits, name)
    path, request = MAKERS[name][which](limit)
    accepted = await place.ask(path, request)
    assert accepted.code in ("OK", "NOT_FOUND"), accepted
    before = await place.client.get_graph_stats(limits_graph)
    path, request = MAKERS[name][which](limit + 1)
    found = await place.ask(path, request)
    assert found.code == "INVALID_ARGUMENT"
    assert found.reason in ("LIMIT_EXCEEDED", "INVALID_NAME", "INVALID_VECTOR", "INVALID_DATE")
    assert str(limit) in found.message
    check(found)
    assert await place.client.get_graph_stats(limits_graph) == before


def test_no_limit_is_left_out() -> None:
    assert MAKERS.keys() | ELSEWHERE == {name for name in vars(limits) if name.startswith("MAX_")}


# --- page tokens -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def tokens(place: Place) -> dict[str, str]:
    """A token of each list that has a second page."""
    found = {}
    for path, request in PAGED:
        method = next(method for method in methods() if method.path.endswith(path))
        call = place.channel.unary_stream if method.answers_many else place.channel.unary_unary
        answer: Any = call(f"/loci.v1.{path}")(
            paged(request, page_size=1).SerializeToString(), metadata=bearer(place.key)
        )
        raw = await answer.read() if method.answers_many else await answer
        page = reply(path).FromString(raw)
        if page.next_page_token:
            found[path] = page.next_page_token
    assert len(found) >= 5
    return found


def reply(path: str) -> Any:
    for service in services():
        for method in service.methods:
            if f"{service.full_name}/{method.name}" == f"loci.v1.{path}":
                return GetMessageClass(method.output_type)
    raise LookupError(path)


async def test_a_page_token_is_good_for_its_own_query_only(place: Place, tokens: dict[str, str]) -> None:
    for path, request in PAGED:
        for origin, token in tokens.items():
            found = await place.ask(path, paged(request, page_token=token))
            assert (found.code == "OK") == (origin == path), (path, origin, found)
            if origin != path:
                assert found.reason == "INVALID_PAGE_TOKEN"


async def test_a_page_token_that_was_changed_is_refused(place: Place, tokens: dict[str, str]) -> None:
    for path, request in PAGED:
        if path not in tokens:
            continue
        token = tokens[path]
        middle = len(token) // 2
        other = "A" if token[middle] != "A" else "B"
        for changed in (token[:-2], token[2:], token[:middle] + other + token[middle + 1 :], token * 2, token[::-1]):
            found = await place.ask(path, paged(request, page_token=changed))
            assert found.reason == "INVALID_PAGE_TOKEN", (path, changed)


async def test_a_page_token_of_another_query_or_tenant_is_refused(
    place: Place, tokens: dict[str, str], client: AsyncClient, server: RunningServer
) -> None:
    token = tokens["NodeService/ListNodes"]
    request: Any = dict(PAGED)["NodeService/ListNodes"]
    changed = paged(request, page_token=token, parent="graphs/other")
    assert (await place.ask("NodeService/ListNodes", changed)).reason == "INVALID_PAGE_TOKEN"
    filtered: Any = paged(request, page_token=token)
    filtered.filter.types.append("node")
    assert (await place.ask("NodeService/ListNodes", filtered)).reason == "INVALID_PAGE_TOKEN"
    await client.create_graph("g")
    stranger = await client.create_api_key(["read"])
    found = await place.ask("NodeService/ListNodes", paged(request, page_token=token), stranger.secret)
    assert found.reason == "INVALID_PAGE_TOKEN"


# --- credentials -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "CREDENTIAL_MISSING"),
        ("", "CREDENTIAL_MISSING"),
        ("Basic dXNlcjpwYXNz", "CREDENTIAL_MISSING"),
        ("Bearer", "CREDENTIAL_INVALID"),
        ("Bearer  ", "CREDENTIAL_INVALID"),
        ("Bearer loci_", "CREDENTIAL_INVALID"),
        ("Bearer loci_" + "A" * 54, "CREDENTIAL_INVALID"),
        ("Bearer loci_" + "_" * 54, "CREDENTIAL_INVALID"),
        ("Bearer " + "x" * 600, "CREDENTIAL_INVALID"),
        ("Bearer ' OR 1=1 --", "CREDENTIAL_INVALID"),
    ],
)
async def test_a_wrong_credential_is_unauthenticated(place: Place, value: str | None, reason: str) -> None:
    metadata: Sequence[tuple[str, str | bytes]] = () if value is None else (("authorization", value),)
    for path in PATHS:
        request: Any = [] if path == "BulkService/Import" else b"\xff not a message"
        found = await ask(place.channel, path, request, metadata)
        assert (found.code, found.reason) == ("UNAUTHENTICATED", reason), path
        check(found)


async def test_a_key_with_another_secret_or_of_another_key_is_refused(place: Place) -> None:
    for index in (8, 18, 30, 50):
        changed = place.key[:index] + ("A" if place.key[index] != "A" else "B") + place.key[index + 1 :]
        found = await place.ask("GraphService/GetGraph", GetGraphRequest(name=G), changed)
        assert (found.code, found.reason) == ("UNAUTHENTICATED", "CREDENTIAL_INVALID")


async def test_expired_and_revoked_keys_and_those_of_deleted_tenants_are_refused(
    place: Place, server: RunningServer
) -> None:
    async def refused(key: str) -> str:
        return (await place.ask("GraphService/GetGraph", GetGraphRequest(name=G), key)).reason

    past = datetime.now(UTC) - timedelta(seconds=1)
    expired = await place.client.create_api_key(["read"], expire_time=past)
    assert await refused(expired.secret) == "CREDENTIAL_EXPIRED"
    first_of_all = await place.client.create_api_key(["read"], expire_time=datetime.min.replace(tzinfo=UTC))
    assert await refused(first_of_all.secret) == "CREDENTIAL_EXPIRED"
    revoked = await place.client.create_api_key(["read"])
    await place.client.revoke_api_key(revoked.api_key.name)
    assert await refused(revoked.secret) == "CREDENTIAL_INVALID"
    async with server.client() as operator:
        await operator.create_tenant("soon-gone")
        orphan = await operator.create_api_key(["admin"], tenant="soon-gone")
        await operator.delete_tenant("soon-gone")
    assert await refused(orphan.secret) == "CREDENTIAL_INVALID"


async def test_keys_of_another_tenant_take_an_operator(place: Place) -> None:
    admin = (await place.client.create_api_key(["admin"])).secret
    for path in ("CreateApiKey", "ListApiKeys"):
        request = next(bad.request for bad in BAD_REQUESTS if bad.path.endswith(path) and bad.code == "NOT_FOUND")
        found = await place.ask(f"AdminService/{path}", request, admin)
        assert (found.code, found.reason) == ("PERMISSION_DENIED", "SCOPE_MISSING")


# --- calls ------------------------------------------------------------------------------------------------------------


async def test_a_method_that_does_not_exist_is_unimplemented(place: Place) -> None:
    for name in ("NodeService/Nothing", "NoService/GetNode", ""):
        found = await place.ask(name, b"")
        assert (found.code, found.reason) == ("UNIMPLEMENTED", "METHOD_NOT_FOUND")


async def test_a_message_above_16_mib_is_refused_by_grpc_itself(place: Place) -> None:
    before = await place.state()
    largest = commits.CommitRequest(parent=G, note="n" * (16 * 1024 * 1024 - 30))
    assert largest.ByteSize() <= 16 * 1024 * 1024
    assert (await place.ask("CommitService/Commit", largest)).code == "INVALID_ARGUMENT"
    largest.note += "n" * 64
    found = await place.ask("CommitService/Commit", largest)
    assert (found.code, found.reason) == ("RESOURCE_EXHAUSTED", "")
    assert await place.state() == before


@pytest.mark.parametrize("milliseconds", [0, 1, 5, 20, 60, 150])
async def test_a_cancelled_commit_is_whole_or_not_at_all(client: AsyncClient, place: Place, milliseconds: int) -> None:
    await client.create_graph("cut")
    key = (await client.create_api_key(["write"])).secret
    request = commits.CommitRequest(parent="graphs/cut")
    request.mutations.extend(mutations.create_node(text=f"tea {number}") for number in range(1000))
    call = place.channel.unary_unary("/loci.v1.CommitService/Commit")(
        request.SerializeToString(), metadata=bearer(key), timeout=60
    )
    await asyncio.wait([asyncio.ensure_future(call.wait_for_connection())])
    await asyncio.sleep(milliseconds / 1000)
    call.cancel()
    for _ in range(5):
        stats = await client.get_graph_stats("cut")
        assert stats.node_count == 1000 * stats.revision == stats.document_count
    await client.create_node("cut", "after")
    assert (await client.get_graph_stats("cut")).node_count % 1000 == 1


async def test_a_cancelled_import_leaves_whole_chunks(client: AsyncClient, place: Place) -> None:
    await client.create_graph("cut")
    key = (await client.create_api_key(["write"])).secret
    for attempt in range(5):
        import_id = f"i{attempt}"
        call: Any = place.channel.stream_stream("/loci.v1.BulkService/Import")(metadata=bearer(key), timeout=60)
        await call.write(
            bulk.ImportRequest(header=bulk.ImportHeader(parent="graphs/cut", import_id=import_id)).SerializeToString()
        )
        await call.read()
        items = [bulk.BulkItem(node=Node(text="tea")) for _ in range(300)]
        for sequence in (1, 2, 3):
            message = bulk.ImportRequest(items=bulk.ImportItems(sequence=sequence, items=items))
            await call.write(message.SerializeToString())
        await asyncio.sleep(0.03 * attempt)
        call.cancel()

        async def at_rest(import_id: str = import_id) -> bool:
            state = await client.get_import("cut", import_id)
            return state.node_count == 300 * (state.next_sequence - 1)

        assert await eventually(at_rest)
    stats = await client.get_graph_stats("cut")
    assert stats.node_count == 300 * stats.revision


async def test_a_cancelled_call_is_told_to_its_caller_as_such(place: Place) -> None:
    call = place.channel.unary_unary("/loci.v1.GraphService/GetGraph")(b"", metadata=bearer(place.key))
    call.cancel()
    assert refusal(await call.code(), "", ()).code == "CANCELLED"
