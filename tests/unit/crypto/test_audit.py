"""The keys of the audit."""

import hmac
from hashlib import sha256

import pytest

from loci_server.crypto.audit import AuditKeys, keyed


@pytest.mark.parametrize("key", [b"", b"k", b"k" * 32, bytes(range(64))])
@pytest.mark.parametrize("message", [b"", b"graphs/g", b"m" * 1000])
def test_a_keyed_hash_is_hmac(key: bytes, message: bytes) -> None:
    assert keyed(key)(message) == hmac.digest(key, message, sha256)


def test_tenants_and_purposes_have_keys_of_their_own() -> None:
    keys = AuditKeys(b"s" * 32)
    assert keys.of(1).token("graphs/g") != keys.of(2).token("graphs/g")
    assert keys.of(1).mac(b"", b"x") != keys.of(1).seal_of_head(b"x")
    assert keys.of(1).mac(b"\0" * 32, b"x") != keys.of(2).mac(b"\0" * 32, b"x")
    assert AuditKeys(b"t" * 32).of(1).token("graphs/g") != keys.of(1).token("graphs/g")
