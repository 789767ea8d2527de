"""The line of a server that is ready names a way in that works."""

from pathlib import Path

import pytest

from loci_server.app import announce
from loci_server.settings import Settings


def test_where_no_key_is_at_hand_the_start_line_names_the_command_that_needs_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    announce(Settings(), None, 50051)
    assert "make a key with: loci keys make-operator --out FILE;" in capsys.readouterr().out


def test_where_there_is_a_key_the_start_line_says_in_which_file(capsys: pytest.CaptureFixture[str]) -> None:
    announce(Settings(), Path("/data/api-key"), 50051)
    assert "; key in /data/api-key;" in capsys.readouterr().out
