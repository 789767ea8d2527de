"""Bytes that no client library would send: the server refuses them and goes on."""

import asyncio
import struct

import pytest

from tests.unit.rpc.harness import GET_NODE, Running, serving

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS, SETTINGS, DATA = 1, 4, 0


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def header(name: bytes, value: bytes) -> bytes:
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def request(path: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    headers = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", path),
        (b":authority", b"x"),
        (b"te", b"trailers"),
        (b"content-type", b"application/grpc"),
        *extra,
    ]
    block = b"".join(header(*one) for one in headers)
    settings = PREFACE + frame(SETTINGS, 0, 0, b"")
    return settings + frame(HEADERS, 4, 1, block) + frame(DATA, 1, 1, b"\0" * 5)


async def answer(running: Running, sent: bytes, awaited: bytes) -> bytes:
    """What the server says until `awaited` is in it, or it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(sent)
    said = b""
    try:
        async with asyncio.timeout(5):
            while awaited not in said and (more := await reader.read(4096)):
                said += more
    except ConnectionResetError:
        pass
    writer.close()
    return said


@pytest.mark.parametrize("path", [b"/x/\xff\xfe", b"\xc3", b"/loci.v1.NodeService/GetNode\x80", b"/" + b"\xed\xa0\x80"])
async def test_a_path_that_is_not_utf8_is_unimplemented_and_harms_nobody(path: bytes) -> None:
    async with serving() as running:
        assert b"grpc-status\x0212" in await answer(running, request(path), b"grpc-message")
        await running.client.unary(GET_NODE, timeout=5)


@pytest.mark.parametrize("value", [b"Bearer \xff\xfe", b"Bearer \xc3\xa9", b"\xff", b"Bearer " + b" " * 20])
async def test_a_credential_of_odd_bytes_is_unauthenticated(value: bytes) -> None:
    async with serving() as running:
        sent = request(GET_NODE.encode(), (b"authorization", value))
        assert b"grpc-status\x0216" in await answer(running, sent, b"grpc-status-details-bin")
        await running.client.unary(GET_NODE, timeout=5)


async def test_what_is_not_http2_harms_nobody() -> None:
    async with serving() as running:
        for sent in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 100, PREFACE + b"\xff" * 100):
            await answer(running, sent, b"never said")
        await running.client.unary(GET_NODE, timeout=5)
