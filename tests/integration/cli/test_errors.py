"""Failures are one line with the reason and what to do."""

import subprocess
import sys
from pathlib import Path

from tests.command import LIMIT, Loci
from tests.server import RunningServer


def test_arguments_that_are_no_text_are_wrong_usage(loci: Loci) -> None:
    program = Path(sys.executable).with_name("loci")
    done = subprocess.run([program, "search", "g", b"\xff"], check=False, capture_output=True, timeout=LIMIT)
    assert (done.returncode, done.stderr) == (2, b"error: argument 3 is not UTF-8\n")


def test_errors_are_one_line_with_reason_and_advice(loci: Loci, server: RunningServer) -> None:
    assert (loci.fails("node", "get", "nowhere", "n")).startswith("error: GRAPH_NOT_FOUND: There is no")
    stranger = Loci({"LOCI_ADDRESS": server.address, "LOCI_API_KEY": "loci_nonsense"})
    assert (stranger.fails("graphs", "list")).startswith("error: CREDENTIAL_INVALID")
    nobody = Loci({"LOCI_ADDRESS": server.address, "LOCI_DATA_DIR": "/nonexistent"})
    said = nobody.fails("graphs", "list")
    assert "no API key" in said
    assert "with the LOCI_DATA_DIR of the server" in said
