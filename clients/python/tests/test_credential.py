"""Tokens: a fixed one, one that is asked for, one in a file that is renewed; never shown, never sent in clear."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import grpc
import pytest
from test_watches import commit, window

from loci import AsyncClient, Client, errors, node
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1.graph_service_pb2 import GetGraphResponse
from loci.v1.watch_service_pb2 import WatchResponse
from tests.stand_in import StandIn, abort, failure

SECRET = "very.secret.token"


def shown(server: StandIn) -> list[str]:
    return [call.metadata.get("authorization", "") for call in server.calls]


async def test_a_token_is_sent_as_it_is_at_each_call(server: StandIn) -> None:
    tokens: Iterator[str] = iter(["one", "two"])
    async with AsyncClient(server.address, token=lambda: next(tokens)) as client:
        await client.get_graph("g")
        await client.get_graph("g")
    async with AsyncClient(server.address, token="fixed") as client:
        await client.get_graph("g")
    assert shown(server) == ["Bearer one", "Bearer two", "Bearer fixed"]


async def test_the_token_of_a_file_is_read_again(
    server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "token"
    path.write_text("first\n")
    for name in ("LOCI_API_KEY", "LOCI_API_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCI_TOKEN_FILE", str(path))
    async with AsyncClient(server.address) as client:
        await client.get_graph("g")
        path.write_text("second\n")
        await client.get_graph("g")
        path.write_text("")
        with pytest.raises(ValueError, match="empty"):
            await client.get_graph("g")
    monkeypatch.setenv("LOCI_API_KEY", "key")
    async with AsyncClient(server.address) as client:
        await client.get_graph("g")
    assert shown(server) == ["Bearer first", "Bearer second", "Bearer key"]


@pytest.mark.parametrize("flavour", [AsyncClient, Client])
@pytest.mark.parametrize("give", [SECRET, lambda: SECRET])
def test_a_token_does_not_go_to_another_machine_in_clear_and_is_not_shown(
    flavour: type[AsyncClient] | type[Client], give: str | Callable[[], str]
) -> None:
    with pytest.raises(ValueError, match="unencrypted") as raised:
        flavour("loci.example:50051", token=give)
    assert SECRET not in str(raised.value)
    client = flavour("127.0.0.1:1", token=give)
    assert SECRET not in repr(client) + repr(vars(client)["_transport"].connection)


def test_key_and_token_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        AsyncClient("127.0.0.1:1", api_key="a", token="b")


async def test_a_token_that_has_ended_is_replaced_by_a_newer_one_once(server: StandIn) -> None:
    expired = failure(grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_EXPIRED")
    tokens: Iterator[Any] = iter(["old", "new", "newer", "newest"])
    server.will("GraphService/GetGraph", expired, GetGraphResponse(), expired)
    async with AsyncClient(server.address, token=lambda: next(tokens)) as client:
        await client.get_graph("g")
        assert shown(server) == ["Bearer old", "Bearer new"]
        with pytest.raises(errors.CredentialExpired):
            await client.get_graph("g")
    assert shown(server) == ["Bearer old", "Bearer new", "Bearer newer", "Bearer newest"]
    async with AsyncClient(server.address, token="same") as client:
        with pytest.raises(errors.CredentialExpired):
            await client.get_graph("g")
    assert shown(server)[4:] == ["Bearer same"]


async def test_a_watch_whose_token_has_ended_goes_on_with_a_newer_one(server: StandIn) -> None:
    async def watch(request: Any, context: Any) -> AsyncIterator[WatchResponse]:
        number = len(server.calls)
        yield window(number - 1, number, commit(number))
        await taken.acquire()
        await abort(context, failure(grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_EXPIRED"))

    server.streams["WatchService/Watch"] = watch
    present, taken = ["one"], asyncio.Semaphore(0)
    async with AsyncClient(server.address, token=lambda: present[0]) as client:
        told = aiter(client.watch("g"))
        assert (await asyncio.wait_for(anext(told), 10)).revision == 1
        present[0] = "two"
        taken.release()
        assert (await asyncio.wait_for(anext(told), 10)).revision == 2
        assert shown(server) == ["Bearer one", "Bearer two"]
        taken.release()
        with pytest.raises(errors.CredentialExpired):
            await asyncio.wait_for(anext(told), 10)


async def test_a_watch_that_is_refused_asks_once_for_another_token(server: StandIn) -> None:
    async def refused(request: Any, context: Any) -> AsyncIterator[WatchResponse]:
        await abort(context, failure(grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_INVALID"))
        yield WatchResponse()

    server.streams["WatchService/Watch"] = refused
    numbers = count()
    async with AsyncClient(server.address, token=lambda: f"t{next(numbers)}") as client:
        with pytest.raises(errors.CredentialInvalid):
            await asyncio.wait_for(client.watch("g").ready(), 10)
    assert len(server.calls) == 2


async def test_imports_and_exports_go_on_with_another_token_when_theirs_has_ended(server: StandIn) -> None:
    present = ["one"]

    async def checked(context: Any) -> None:
        present[0] = "two"
        if server.calls[-1].metadata["authorization"] != "Bearer two":
            await abort(context, failure(grpc.StatusCode.UNAUTHENTICATED, "CREDENTIAL_EXPIRED"))

    async def imported(requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        await checked(context)
        async for request in requests:
            if request.HasField("header"):
                yield bulk.ImportResponse(state=bulk.ImportState(next_sequence=1))
            else:
                yield bulk.ImportResponse(chunk=bulk.ChunkResult(sequence=request.items.sequence, node_count=1))

    async def exported(request: Any, context: Any) -> AsyncIterator[bulk.ExportResponse]:
        await checked(context)
        yield bulk.ExportResponse(items=[bulk.BulkItem(node=node("n"))])

    server.streams["BulkService/Import"], server.streams["BulkService/Export"] = imported, exported
    async with AsyncClient(server.address, token=lambda: present[0]) as client:
        assert (await client.import_items("g", [node("n")])).node_count == 1
        present[0] = "one"
        assert len([item async for item in client.export_items("g")]) == 1


@pytest.mark.parametrize("flavour", [AsyncClient, Client])
@pytest.mark.parametrize("wrong", [5, b"loci_key", ["loci_key"]])
def test_what_is_no_text_is_refused_by_the_name_of_the_argument(
    flavour: type[AsyncClient] | type[Client], wrong: Any
) -> None:
    for argument in ("api_key", "token"):
        with pytest.raises(TypeError, match=rf"^{argument} must be .*, not {type(wrong).__name__}$"):
            flavour("127.0.0.1:1", **{argument: wrong})


async def test_a_function_that_gives_no_text_is_refused(server: StandIn) -> None:
    def give() -> Any:
        return 5

    async with AsyncClient(server.address, token=give) as client:
        with pytest.raises(TypeError, match="token must be a str, not int"):
            await client.get_graph("g")
