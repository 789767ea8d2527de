"""Listening, health, reflection and the orderly end."""

import asyncio
import datetime
import ipaddress
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse, HealthListResponse
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from loci.v1.bulk_service_pb2 import ExportRequest, ExportResponse
from loci_server.rpc.address import AddressInUse, ListenError, reserved_port
from loci_server.rpc.call import Call
from tests.unit.rpc.harness import CREATE_NODE, EXPORT, GET_NODE, Running, serving
from tests.unit.rpc.test_time_and_room import Waiting

CHECK = "/grpc.health.v1.Health/Check"
LIST = "/grpc.health.v1.Health/List"
WATCH = "/grpc.health.v1.Health/Watch"
REFLECT = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
SERVING, NOT_SERVING, UNKNOWN = 1, 2, 3


async def health(running: Running, service: str = "") -> int:
    raw = await running.client.unary(CHECK, HealthCheckRequest(service=service), None)
    return HealthCheckResponse.FromString(raw).status


async def test_health_is_told_to_anyone_for_the_server_and_each_service() -> None:
    async with serving() as running:
        assert await health(running) == SERVING
        assert await health(running, "loci.v1.NodeService") == SERVING
        running.listener.set_health("loci.v1.NodeService", False)
        assert await health(running, "loci.v1.NodeService") == NOT_SERVING
        assert await health(running) == SERVING
        listed = HealthListResponse.FromString(await running.client.unary(LIST, key=None))
        assert {"", "loci.v1.NodeService", "loci.v1.BulkService"} == set(listed.statuses)
        refusal = await running.refused(running.client.unary(CHECK, HealthCheckRequest(service="x"), None))
        assert refusal.code == "NOT_FOUND"
        assert (await running.refused(running.client.unary(CHECK, b"\xff", None))).reason == "UNDECODABLE_MESSAGE"


async def test_health_that_is_watched_is_told_when_it_changes_and_ends_with_the_server() -> None:
    async with serving() as running:
        watch = running.client.stream(WATCH, HealthCheckRequest(), None)

        async def told() -> int:
            return HealthCheckResponse.FromString(await asyncio.wait_for(watch.read(), 5)).status

        assert await told() == SERVING
        running.listener.set_health("", False)
        assert await told() == NOT_SERVING
        running.listener.set_health("", True)
        assert await told() == SERVING
        await running.listener.drain(5)
        assert await told() == NOT_SERVING
        assert await watch.read() is grpc.aio.EOF


async def test_a_service_that_does_not_exist_is_watched_as_unknown() -> None:
    async with serving() as running:
        watch = running.client.stream(WATCH, HealthCheckRequest(service="x"), None)
        assert HealthCheckResponse.FromString(await watch.read()).status == UNKNOWN
        watch.cancel()


async def test_reflection_lists_the_services_and_shows_their_files() -> None:
    async with serving() as running:
        call = running.client.both(REFLECT, None)

        async def ask(**request: Any) -> ServerReflectionResponse:
            await call.write(ServerReflectionRequest(**request).SerializeToString())
            return ServerReflectionResponse.FromString(await call.read())

        listed = await ask(list_services="")
        assert {service.name for service in listed.list_services_response.service} == {
            "loci.v1.NodeService",
            "loci.v1.BulkService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1alpha.ServerReflection",
        }
        shown = await ask(file_containing_symbol="loci.v1.NodeService")
        assert b"GetNode" in shown.file_descriptor_response.file_descriptor_proto[0]
        await call.done_writing()
        assert await call.read() is grpc.aio.EOF


async def test_draining_lets_running_calls_end_and_refuses_new_ones() -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}) as running:
        call = running.client.unary(GET_NODE)
        await waiting.entered.acquire()
        drained = asyncio.ensure_future(running.listener.drain(10))
        await running.listener.draining.wait()
        refusal = await running.refused(running.client.unary(CREATE_NODE))
        assert (refusal.code, refusal.reason) == ("UNAVAILABLE", "DRAINING")
        assert await health(running) == NOT_SERVING
        assert await health(running, "loci.v1.NodeService") == NOT_SERVING
        running.listener.set_health("", True)
        assert await health(running) == NOT_SERVING
        assert not drained.done()
        waiting.go.set()
        assert await call == b""
        await asyncio.wait_for(drained, 5)


async def test_a_stream_is_told_to_end_when_the_server_drains() -> None:
    async def until_draining(request: ExportRequest, call: Call) -> AsyncIterator[ExportResponse]:
        yield ExportResponse(revision=1)
        await call.draining.wait()
        yield ExportResponse(revision=2)

    async with serving(bulk={"Export": until_draining}) as running:
        call = running.client.stream(EXPORT)
        await call.read()
        await asyncio.wait_for(running.listener.drain(10), 5)
        assert ExportResponse.FromString(await call.read()).revision == 2
        assert await call.read() is grpc.aio.EOF


@pytest.mark.parametrize("is_stream", [False, True])
async def test_a_call_that_outlasts_the_draining_is_cancelled_and_told_why(is_stream: bool) -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, {"Export": waiting.stream}) as running:
        call = running.client.stream(EXPORT) if is_stream else running.client.unary(GET_NODE)
        await waiting.entered.acquire()
        await running.listener.drain(0.05)
        assert waiting.cancelled.is_set()
        assert (await running.refused(call)).reason == "DRAINING"
        assert running.observer.spans[0].ended == [("UNAVAILABLE", "DRAINING")]


async def test_a_second_server_on_the_same_port_says_that_it_is_taken() -> None:
    async with serving() as running:
        with pytest.raises(AddressInUse, match=f"127.0.0.1:{running.port} is in use"):
            async with serving(port=running.port):
                pass
        with pytest.raises(AddressInUse), reserved_port("127.0.0.1", running.port):
            pass


async def test_an_address_of_another_machine_is_said_to_be_one() -> None:
    with pytest.raises(ListenError, match=r"192\.0\.2\.1"):
        async with serving(host="192.0.2.1"):
            pass
    with pytest.raises(ListenError), reserved_port("no-such-host.invalid", 0):
        pass


async def test_servers_share_a_port_that_was_reserved_for_them() -> None:
    with reserved_port("127.0.0.1", 0) as port:
        async with serving(port=port, workers=2) as one, serving(port=port, workers=2) as two:
            assert one.port == two.port == port
            await one.client.unary(GET_NODE)


async def test_it_speaks_tls_with_a_certificate(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    async with (
        serving(tls_certificate=certificate, tls_key=key) as running,
        grpc.aio.secure_channel(
            f"127.0.0.1:{running.port}", grpc.ssl_channel_credentials(certificate.read_bytes())
        ) as channel,
    ):
        await channel.unary_unary(GET_NODE)(b"", metadata=(("authorization", "Bearer reader"),))


async def test_half_a_certificate_stops_the_start(tmp_path: Path) -> None:
    certificate, _ = make_certificate(tmp_path)
    with pytest.raises(ListenError, match="belong together"):
        async with serving(tls_certificate=certificate):
            pass
    with pytest.raises(ListenError, match="cannot be read"):
        async with serving(tls_certificate=certificate, tls_key=tmp_path / "none.pem"):
            pass


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loci")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
