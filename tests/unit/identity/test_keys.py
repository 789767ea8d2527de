"""API keys are read as they were written, and anything else is none."""

from hypothesis import given
from hypothesis import strategies as st

from loci_server.identity.keys import MAX_KEY, SECRET_BYTES, ApiKey, new_secret, parse

NUMBERS = st.integers(0, MAX_KEY - 1)


@given(NUMBERS, NUMBERS, st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_a_key_is_read_as_it_was_written(tenant: int, number: int, secret: bytes) -> None:
    key = ApiKey(tenant, number, secret)
    assert parse(key.encoded()) == key
    assert len(key.encoded()) == len("loci_") + 54


@given(st.one_of(st.text(), st.text().map("loci_".__add__), st.binary().map(lambda raw: "loci_" + raw.hex())))
def test_anything_else_is_no_key_and_never_raises(text: str) -> None:
    parsed = parse(text)
    assert parsed is None or (parsed.tenant_key < MAX_KEY and parsed.key_id < MAX_KEY)


@given(NUMBERS, NUMBERS, st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_a_key_is_written_in_one_way_only(tenant: int, number: int, secret: bytes) -> None:
    written = ApiKey(tenant, number, secret).encoded()
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        altered = written[:-1] + last
        assert altered == written or parse(altered) is None or parse(altered) != parse(written)
    assert parse(written + "==") is None
    assert parse(written.replace("-", "+").replace("_", "/")) in (None, parse(written))


def test_numbers_that_the_database_cannot_hold_are_no_key() -> None:
    for tenant, number in ((MAX_KEY, 1), (1, MAX_KEY)):
        assert parse(ApiKey(tenant, number, b"s" * SECRET_BYTES).encoded()) is None


def test_a_secret_is_not_shown() -> None:
    key = ApiKey(1, 2, b"secret-secret-secret-sec")
    assert "secret" not in repr(key)
    assert "secret" not in f"{key}"


def test_secrets_differ() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
