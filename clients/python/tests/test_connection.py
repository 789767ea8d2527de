"""Where the client goes and what it tells there: the key leaves the machine over TLS only, and is never shown."""

import asyncio
import datetime
import pkgutil
from collections.abc import Callable
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from google.protobuf.descriptor import ServiceDescriptor

import loci.v1
from loci import TLS, AsyncClient, Client, errors
from loci.connection import is_local, service_config
from tests.stand_in import StandIn, running


@pytest.mark.parametrize("flavour", [AsyncClient, Client])
def test_the_key_does_not_go_to_another_machine_in_clear(flavour: type[AsyncClient] | type[Client]) -> None:
    with pytest.raises(ValueError, match="unencrypted") as raised:
        flavour("loci.example:50051", api_key="very-secret")
    assert "very-secret" not in str(raised.value)
    flavour("loci.example:50051", api_key="very-secret", insecure=True)
    flavour("loci.example:50051", api_key="very-secret", tls=True)
    flavour("loci.example:50051")


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1:1", True),
        ("127.9.9.9:1", True),
        ("localhost:1", True),
        ("[::1]:1", True),
        ("unix:/run/loci", True),
        ("ipv4:127.0.0.1:1,127.0.0.2:1", True),
        ("dns:///localhost:1", True),
        ("ipv4:127.0.0.1:1,10.0.0.1:1", False),
        ("10.0.0.1:1", False),
        ("localhost.example:1", False),
        ("dns://8.8.8.8/localhost:1", False),
        ("xds:///loci", False),
        ("", False),
    ],
)
def test_only_this_machine_is_local(address: str, local: bool) -> None:
    assert is_local(address) is local


@pytest.mark.parametrize("flavour", [AsyncClient, Client])
def test_the_key_is_not_shown(flavour: type[AsyncClient] | type[Client]) -> None:
    client = flavour("127.0.0.1:1", api_key="very-secret")
    assert "very-secret" not in repr(client) + repr(vars(client)["_transport"].connection)
    assert "very-secret" not in repr(TLS(certificate=b"public", key=b"very-secret"))
    with pytest.raises(ValueError, match="header") as raised:
        flavour("127.0.0.1:1", api_key="very-secret\n")
    assert "very-secret" not in str(raised.value)


async def test_address_and_key_come_from_the_environment(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, key_file: Path
) -> None:
    monkeypatch.setenv("LOCI_ADDRESS", server.address)
    monkeypatch.setenv("LOCI_API_KEY_FILE", str(key_file))
    async with AsyncClient() as client:
        await client.get_graph("g")
    monkeypatch.setenv("LOCI_API_KEY", "key-of-the-environment")
    async with AsyncClient() as client:
        await client.get_graph("g")
    async with AsyncClient(api_key="key-of-the-caller") as client:
        await client.get_graph("g")
    assert [call.metadata["authorization"] for call in server.calls] == [
        "Bearer key-from-a-file",
        "Bearer key-of-the-environment",
        "Bearer key-of-the-caller",
    ]


async def test_it_waits_for_a_server_and_then_closes(server: StandIn) -> None:
    client = AsyncClient(server.address, user_agent="my-agent/1")
    await client.wait_ready(5)
    await client.get_graph("g")
    assert server.calls[0].metadata["user-agent"].startswith("my-agent/1 loci-python/")
    await client.close()
    await client.close()
    with pytest.raises(RuntimeError, match="closed"):
        await client.get_graph("g")


async def test_both_sides_show_certificates(certificate: tuple[bytes, bytes]) -> None:
    chain, key = certificate
    credentials = grpc.ssl_server_credentials([(key, chain)], chain, require_client_auth=True)
    async with running(credentials) as server:
        tls = TLS(roots=chain, certificate=chain, key=key)
        async with AsyncClient(server.address, tls=tls, api_key="key-of-a-test") as client:
            await client.get_graph("g")
        assert server.calls[0].metadata["authorization"] == "Bearer key-of-a-test"
        async with AsyncClient(server.address, tls=TLS(roots=chain)) as stranger:
            with pytest.raises(Exception, match="UNAVAILABLE"):
                await stranger.get_graph("g", timeout=2)


def test_only_what_may_be_repeated_is_repeated_by_grpc() -> None:
    names = {f"{name['service']}/{name['method']}" for name in service_config()["methodConfig"][0]["name"]}
    assert {"loci.v1.NodeService/CreateNode", "loci.v1.SearchService/Search", "loci.v1.CommitService/Commit"} <= names
    assert {name.partition("/")[0] for name in names} == {service.full_name for service in services()} - {
        "loci.v1.WatchService"  # it has a stream only
    }
    assert not names & {"loci.v1.BulkService/Import", "loci.v1.BulkService/Export", "loci.v1.AdminService/CreateApiKey"}


def services() -> list[ServiceDescriptor]:
    """Those of the contract: each in a module of its own."""
    found = [module.name for module in pkgutil.iter_modules(loci.v1.__path__) if module.name.endswith("_service_pb2")]
    files = [import_module(f"loci.v1.{name}").DESCRIPTOR for name in found]
    return [service for file in files for service in file.services_by_name.values()]


@pytest.fixture(scope="module")
def certificate() -> tuple[bytes, bytes]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loci")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(serialization.Encoding.PEM), pem


def test_files_that_are_no_certificates_are_named_when_it_connects(
    certificate: tuple[bytes, bytes], tmp_path: Path
) -> None:
    chain, key = certificate
    files = {"chain": chain, "key": key, "none": b"nothing", "torn": chain[:60] + chain[-40:]}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for wrong in ("key", "none", "torn"):
        with pytest.raises(ValueError, match=f"TLS roots .*{wrong}.: there is no certificate"):
            TLS(roots=tmp_path / wrong).credentials()
    with pytest.raises(ValueError, match=r"TLS certificate.*: there is no certificate"):
        TLS(certificate=tmp_path / "none", key=tmp_path / "key").credentials()
    with pytest.raises(ValueError, match=r"TLS key.*none.: there is no private key"):
        TLS(certificate=tmp_path / "chain", key=tmp_path / "none").credentials()
    with pytest.raises(FileNotFoundError):
        TLS(roots=tmp_path / "absent").credentials()
    TLS(roots=tmp_path / "chain", certificate=tmp_path / "chain", key=tmp_path / "key").credentials()


@pytest.mark.parametrize(
    "address",
    [
        *("localhost", "127.0.0.1", "127.0.0.1:", ":50051", " 127.0.0.1:1", "127.0.0.1:1 ", "127.0.0.1:99999"),
        *("127.0.0.1:0", "127.0.0.1:x", "::1:50051", "[]:1", "http://127.0.0.1:1"),
    ],
)
@pytest.mark.parametrize("flavour", [AsyncClient, Client])
def test_what_is_no_address_is_refused_and_not_dialled_as_another(
    flavour: type[AsyncClient] | type[Client], address: str
) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        flavour(address, api_key="key")


async def test_a_timeout_that_is_beyond_all_measure_is_no_deadline_that_is_over(
    server: StandIn, blocking: Callable[..., Any]
) -> None:
    for endless in (float("inf"), 1e12):
        async with AsyncClient(server.address, api_key="key", timeout=endless) as client:
            await client.get_graph("g")
            await client.get_graph("g", timeout=endless)
        await blocking(lambda client, timeout=endless: client.get_graph("g", timeout=timeout))
    with pytest.raises(ValueError, match="NaN"):
        AsyncClient(server.address, api_key="key", timeout=float("nan"))


async def test_a_client_in_clear_at_a_port_that_hangs_up_is_told_of_tls_and_of_the_address() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    service = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with service:
        address = f"127.0.0.1:{service.sockets[0].getsockname()[1]}"
        async with AsyncClient(address, api_key="key") as client:
            with pytest.raises(errors.Unavailable, match=f"at {address}; if the server wants TLS"):
                await client.get_graph("g", timeout=5)


def test_a_client_is_not_used_in_two_event_loops() -> None:
    async def ask(client: AsyncClient) -> None:
        with pytest.raises(errors.Unavailable):
            await client.get_graph("g", timeout=3)

    client = AsyncClient("127.0.0.1:1", api_key="key")
    asyncio.run(ask(client))
    with pytest.raises(RuntimeError, match="belongs to another event loop"):
        asyncio.run(ask(client))


def test_a_key_file_that_is_missing_or_empty_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOCI_API_KEY_FILE", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError, match=r"LOCI_API_KEY_FILE.*absent"):
        AsyncClient()
    (tmp_path / "absent").touch()
    with pytest.raises(ValueError, match=r"LOCI_API_KEY_FILE: .*absent is empty"):
        AsyncClient()
