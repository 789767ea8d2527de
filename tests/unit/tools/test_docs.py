"""The documents that are generated are those that stand in docs/, and say what the code does."""

import pytest

from loci_server.identity.tokens.jwt import MAX_TOKEN_CHARS
from tests.documents import DOCS
from tools.docs import configuration, errors, limit_table


@pytest.mark.parametrize(
    ("name", "generated"),
    [("errors.md", errors()), ("configuration.md", configuration()), ("limits.md", limit_table())],
)
def test_what_is_generated_is_what_stands_there(name: str, generated: str) -> None:
    assert (DOCS / name).read_text() == generated, "run `make docs`"


def test_the_longest_credential_is_that_of_the_code() -> None:
    assert f"A credential in them has at most {MAX_TOKEN_CHARS:,} characters" in limit_table()
