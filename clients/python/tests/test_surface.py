"""The public surface is what `loci` exports; both flavours have the same; every method of the contract has one."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import loci
from loci import AsyncClient, Client
from tests.stand_in import MODULES

ROOT = Path(__file__).resolve().parents[3]

SURFACE = {
    "as_of",
    "TLS",
    "AsyncClient",
    "Client",
    "ImportSummary",
    "ItemFailure",
    "LociError",
    "edge",
    "edge_filter",
    "errors",
    "moment",
    "mutations",
    "names",
    "node",
    "node_filter",
    "preconditions",
    "properties",
    "search_request",
    "slot",
    "turn",
}
OWN_NAMES = {
    "BatchGetNodes": "get_nodes",
    "BatchGetEdges": "get_edges",
    "GetNeighbors": "neighbors",
    "GetTranscript": "transcript",
    "Import": "import_items",
    "Export": "export_items",
}
WITHOUT_TWIN = {"ImportChunk"}
"""For callers without streams."""


def test_the_surface_is_what_is_listed_here() -> None:
    assert set(loci.__all__) == SURFACE
    assert all(hasattr(loci, name) for name in SURFACE)


def test_both_flavours_have_the_same_methods_and_signatures() -> None:
    assert _methods(Client) == _methods(AsyncClient)


def test_the_blocking_client_is_what_the_tool_makes() -> None:
    subprocess.run([sys.executable, "-m", "tools.unasync", "--check"], cwd=ROOT, check=True)


def test_the_blocking_client_has_no_trace_of_asyncio() -> None:
    folder = Path(inspect.getfile(Client)).parent
    generated = [path for path in folder.glob("*.py") if path.name not in ("__init__.py", "runtime.py")]
    assert generated
    for path in generated:
        code = path.read_text().split("\n", 1)[1]
        assert not re.search(r"asyncio|\basync\b|\bawait\b|Async|_async", code), path.name


@pytest.mark.parametrize(
    "method", [m.name for module in MODULES for s in module.DESCRIPTOR.services_by_name.values() for m in s.methods]
)
def test_each_method_of_the_contract_has_one_of_the_client(method: str) -> None:
    if method not in WITHOUT_TWIN:
        name = OWN_NAMES.get(method) or re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()
        assert inspect.getdoc(getattr(AsyncClient, name))


def test_every_call_has_a_deadline_and_every_write_a_request_id() -> None:
    plain = {"close", "wait_ready", "address"}
    for name, signature in _methods(AsyncClient).items():
        if name.strip("_") != name or name in plain:
            continue
        assert "timeout" in signature, name
        if name.startswith(("create_", "update_", "delete_", "undelete_", "rename_", "commit")):
            assert "request_id" in signature or name.endswith(("_tenant", "_api_key")), name


def _methods(flavour: type) -> dict[str, str]:
    found = {
        name: f"{inspect.signature(value)}"
        for name, value in inspect.getmembers(flavour, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }
    return {name: _same(signature) for name, signature in found.items()}


def _same(signature: str) -> str:
    """The signature without what has to differ: kinds of iterators, and where Source is written out."""
    plain = signature.replace("Async", "").replace("_async", "_sync")
    return re.sub(r"collections\.abc\.Iterable\[[^]]*\]", "Iterable", plain)
