"""From one secret come keys that have nothing to do with each other."""

from uuid import UUID

import pytest

from loci_server.crypto.installation import Installation, derive
from loci_server.errors import ContentUnreadable

CLUSTER = UUID(int=1)


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derive(b"s" * 32, purpose) for purpose in (b"seal", b"api-key", b"other")}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)


def test_another_installation_neither_opens_nor_recognises() -> None:
    one, other = Installation(CLUSTER, b"s" * 32), Installation(CLUSTER, b"o" * 32)
    envelope = one.sealer.seal(b"tenant", b"t", b"name", b"x")
    assert Installation(CLUSTER, b"s" * 32).sealer.open(b"tenant", b"t", b"name", envelope) == b"x"
    with pytest.raises(ContentUnreadable):
        other.sealer.open(b"tenant", b"t", b"name", envelope)
    assert one.hash_secret(b"key") == Installation(CLUSTER, b"s" * 32).hash_secret(b"key")
    assert one.hash_secret(b"key") != other.hash_secret(b"key")
    assert one.hash_secret(b"key") != one.hash_secret(b"kez")
