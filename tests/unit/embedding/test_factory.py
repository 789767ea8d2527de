"""Which embedder the settings give, and what is loaded for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from loci_server.embedding import make_embedder
from loci_server.settings import Settings


@pytest.mark.parametrize(
    ("settings", "model"),
    [
        (Settings(embedder="minilm"), "minilm-l6-v2"),
        (Settings(embedder="ollama"), "ollama/nomic-embed-text"),
        (Settings(embedder="ollama", embedder_model="bge-m3"), "ollama/bge-m3"),
        (Settings(embedder="openai", embedder_api_key=SecretStr("key")), "openai/text-embedding-3-small"),
        (Settings(embedder="openai", embedder_dimensions=512), "openai/text-embedding-3-small@512"),
    ],
)
async def test_each_setting_gives_its_embedder(settings: Settings, model: str, tmp_path: Path) -> None:
    embedder = make_embedder(settings.model_copy(update={"data_dir": tmp_path}))
    assert embedder is not None
    assert embedder.model == model
    await embedder.close()
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


def test_none_gives_none() -> None:
    assert make_embedder(Settings(embedder="none")) is None


@pytest.mark.parametrize(
    ("embedder", "absent"),
    [
        ("none", "onnxruntime onnx safetensors tokenizers httpx torch"),
        ("minilm", "onnxruntime onnx safetensors tokenizers httpx torch"),
        ("ollama", "onnxruntime onnx safetensors tokenizers torch"),
    ],
)
def test_only_what_is_chosen_is_imported(embedder: str, absent: str) -> None:
    code = (
        "import sys\n"
        "from loci_server.embedding import make_embedder\n"
        "from loci_server.settings import Settings\n"
        f"make_embedder(Settings(embedder={embedder!r}))\n"
        f"print(*[name for name in {absent!r}.split() if name in sys.modules])\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


def test_no_model_is_built_with_its_builder_in_this_process(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from loci_server.embedding.minilm import MiniLM\n"
        f"asyncio.run(MiniLM(cache=pathlib.Path({str(tmp_path)!r})).load())\n"
        "print(*[name for name in ('onnx', 'safetensors', 'torch') if name in sys.modules])\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
