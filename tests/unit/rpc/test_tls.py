"""The certificate of a server is replaced while it serves, and never by what does not fit together."""

import asyncio
import datetime
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from loci_server.files import MAX_FILE_BYTES
from loci_server.rpc import tls
from loci_server.rpc.address import ListenError
from loci_server.rpc.call import Call
from loci_server.rpc.tls import ReloadedCertificate
from tests.certificates import Authority, Pair, serial, shown_serial
from tests.unit.rpc.harness import EXPORT, GET_NODE, Running, serving
from tests.waiting import eventually

READER = (("authorization", "Bearer reader"),)
SERVING, NOT_SERVING = 1, 2


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


@pytest.fixture
def served(authority: Authority) -> Pair:
    return authority.signed("served")


@pytest.fixture
def other(authority: Authority) -> Pair:
    return authority.signed("other")


@asynccontextmanager
async def channel(running: Running, authority: Authority, shown: Pair | None = None) -> AsyncIterator[Any]:
    own = (shown.key.read_bytes(), shown.certificate.read_bytes()) if shown is not None else (None, None)
    credentials = grpc.ssl_channel_credentials(authority.file.read_bytes(), *own)
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.secure_channel(f"127.0.0.1:{running.port}", credentials, options=options) as opened:
        yield opened


@pytest.fixture
def only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the test looks at the files."""
    monkeypatch.setattr(tls, "PAUSE", 3600.0)


def replace(target: Path, source: Path) -> None:
    """As most programs replace a file."""
    draft = target.with_suffix(".new")
    draft.write_bytes(source.read_bytes())
    draft.replace(target)


def reloaded(running: Running) -> ReloadedCertificate:
    assert running.listener.certificate is not None
    return running.listener.certificate


async def health(opened: Any) -> int:
    request = HealthCheckRequest(service="certificate").SerializeToString()
    raw = await opened.unary_unary("/grpc.health.v1.Health/Check")(request)
    return HealthCheckResponse.FromString(raw).status


async def test_a_renewed_certificate_is_shown_to_new_connections_and_cuts_no_old_one(
    authority: Authority, served: Pair, other: Pair
) -> None:
    go_on = asyncio.Event()

    async def export(request: Any, call: Call) -> AsyncIterator[Any]:
        from loci.v1.bulk_service_pb2 import ExportResponse

        yield ExportResponse(revision=1)
        await go_on.wait()
        yield ExportResponse(revision=2)

    async with (
        serving(bulk={"Export": export}, tls_certificate=served.certificate, tls_key=served.key) as running,
        channel(running, authority) as opened,
    ):
        before = serial(served.certificate)
        assert await shown_serial(running.port) == before
        stream = opened.unary_stream(EXPORT)(b"", metadata=READER)
        assert await stream.read()
        replace(served.key, other.key)
        replace(served.certificate, other.certificate)

        async def shows_it() -> bool:
            return await shown_serial(running.port) == serial(other.certificate)

        await eventually(shows_it)
        go_on.set()
        assert await stream.read()
        assert await stream.read() is grpc.aio.EOF
        await opened.unary_unary(GET_NODE)(b"", metadata=READER)


async def test_the_switch_of_a_symbolic_link_is_seen(tmp_path: Path, authority: Authority) -> None:
    """As Kubernetes replaces the files of a secret: all of them at once, by one link."""
    volume = tmp_path / "volume"
    for name in ("first", "second"):
        (volume / name).mkdir(parents=True)
    first, second = (authority.signed("tls", folder=volume / name) for name in ("first", "second"))
    (volume / "..data").symlink_to("first")
    for name in ("tls.pem", "tls.key"):
        (volume / name).symlink_to(f"..data/{name}")
    async with serving(tls_certificate=volume / "tls.pem", tls_key=volume / "tls.key") as running:
        assert await shown_serial(running.port) == serial(first.certificate)
        (volume / "..new").symlink_to("second")
        (volume / "..new").replace(volume / "..data")
        await reloaded(running).look()
        assert await shown_serial(running.port) == serial(second.certificate)


@pytest.mark.usefixtures("only_when_told")
async def test_files_that_do_not_fit_leave_the_old_certificate_in_use_and_are_said_once(
    authority: Authority, served: Pair, other: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    whole = other.certificate.read_bytes()
    async with (
        serving(tls_certificate=served.certificate, tls_key=served.key) as running,
        channel(running, authority) as opened,
    ):
        before = await shown_serial(running.port)
        assert await health(opened) == SERVING
        for broken in (whole, whole[: len(whole) // 2]):
            served.certificate.write_bytes(broken)
            with caplog.at_level(logging.INFO):
                for _ in range(4):
                    await reloaded(running).look()
            warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
            assert len(warnings) == 1, warnings
            assert str(served.certificate) in warnings[0]
            assert await shown_serial(running.port) == before
            assert await health(opened) == NOT_SERVING
            caplog.clear()
        for broken in (b"", b"\xff" * 100):
            served.certificate.write_bytes(broken)
            await reloaded(running).look()
            assert await shown_serial(running.port) == before
        served.certificate.unlink()
        for _ in range(2):
            await reloaded(running).look()
        assert "No such file" in (reloaded(running).trouble or "")
        served.certificate.write_bytes(whole)
        served.key.write_bytes(other.key.read_bytes())
        await reloaded(running).look()
        assert reloaded(running).trouble is None
        assert await health(opened) == SERVING
        assert await shown_serial(running.port) == serial(other.certificate)


@pytest.mark.usefixtures("only_when_told")
async def test_what_is_found_between_two_writes_is_no_warning(
    served: Pair, other: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tls_certificate=served.certificate, tls_key=served.key) as running:
        replace(served.key, other.key)
        await reloaded(running).look()
        replace(served.certificate, other.certificate)
        await reloaded(running).look()
        assert await shown_serial(running.port) == serial(other.certificate)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_certificate_that_has_ended_is_told_by_health_and_by_its_time_left(authority: Authority) -> None:
    ended = authority.signed("ended", lasts=datetime.timedelta(seconds=-60))
    async with serving(tls_certificate=ended.certificate, tls_key=ended.key) as running:
        assert reloaded(running).seconds_left < 0
        fresh = authority.signed("fresh", lasts=datetime.timedelta(days=2))
        replace(ended.key, fresh.key)
        replace(ended.certificate, fresh.certificate)
        await reloaded(running).look()
        assert 1.9 < reloaded(running).seconds_left / 86_400 < 2
        async with channel(running, authority) as opened:
            assert await health(opened) == SERVING


def private(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (private(ec.generate_private_key(ec.SECP256R1())), "is not the key of the certificate"),
        (private(ed25519.Ed25519PrivateKey.generate()), "neither an RSA key nor"),
        (private(ec.generate_private_key(ec.SECP521R1())), "neither an RSA key nor"),
        (private(rsa.generate_private_key(65537, 1024)), "has 1024 bits"),
        (b"-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----\n", "not a whole one"),
        (b"x" * (MAX_FILE_BYTES + 1), "more than"),
    ],
)
async def test_a_server_does_not_start_with_a_key_that_cannot_be_used(served: Pair, wrong: bytes, said: str) -> None:
    served.key.write_bytes(wrong)
    with pytest.raises(ListenError, match=said) as raised:
        async with serving(tls_certificate=served.certificate, tls_key=served.key):
            pass
    assert str(served.key) in str(raised.value)
    assert "CANARY" not in str(raised.value)


async def test_a_server_does_not_start_with_an_encrypted_key_a_folder_or_an_authority_of_nothing(
    served: Pair, tmp_path: Path
) -> None:
    key = load_pem_private_key(served.key.read_bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"phrase"))
    (tmp_path / "locked").write_bytes(locked)
    empty = tmp_path / "empty"
    empty.touch()
    for arguments, said in (
        ({"tls_key": tmp_path / "locked"}, "is encrypted"),
        ({"tls_key": tmp_path}, "is not a file|Is a directory"),
        ({"tls_key": served.key, "tls_client_ca": empty}, "empty does not hold certificates"),
        ({"tls_key": None, "tls_client_ca": served.certificate}, "belong together"),
    ):
        with pytest.raises(ListenError, match=said):
            async with serving(tls_certificate=served.certificate, **arguments):
                pass


async def test_with_client_authorities_a_connection_needs_a_certificate_of_one_of_them(
    tmp_path: Path, authority: Authority, served: Pair
) -> None:
    clients, strangers = Authority(tmp_path, "clients"), Authority(tmp_path, "strangers")
    agent, stranger = clients.signed("agent"), strangers.signed("stranger")
    ended = clients.signed("late", lasts=datetime.timedelta(seconds=-60))
    settings = {"tls_certificate": served.certificate, "tls_key": served.key, "tls_client_ca": clients.file}

    async def let_in(shown: Pair | None) -> bool:
        async with channel(running, authority, shown) as opened:
            try:
                await opened.unary_unary(GET_NODE)(b"", metadata=READER)
            except grpc.aio.AioRpcError as error:
                return error.code() is not grpc.StatusCode.UNAVAILABLE
        return True

    async with serving(**settings) as running:
        assert await let_in(agent)
        assert not await let_in(None)
        assert not await let_in(stranger)
        assert not await let_in(ended)
        async with channel(running, authority, agent) as opened:
            await opened.unary_unary(GET_NODE)(b"", metadata=READER)
            replace(clients.file, strangers.file)
            await reloaded(running).look()
            assert await let_in(stranger)
            assert not await let_in(agent)
            await opened.unary_unary(GET_NODE)(b"", metadata=READER)  # a connection that is open is not cut
