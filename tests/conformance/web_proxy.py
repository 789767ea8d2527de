"""The proxy of `web/` between browser and server, configured as the README of the client tells operators to do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.stage import Faults
from tools.languages import ROOT

FOLDER = Path(__file__).parent / "web"
README = ROOT / "clients" / "typescript" / "README.md"
FILTER = "envoy.filters.http.cors"


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    """What pages of another origin may do."""

    allow_methods: str
    allow_headers: str
    expose_headers: str
    max_age: str

    @classmethod
    def documented(cls) -> "CorsPolicy":
        """As the README configures Envoy."""
        blocks = re.findall(r"^```yaml\n(.*?)^```", README.read_text(), re.M | re.S)
        told = next(yaml.safe_load(block) for block in blocks if FILTER in block)["typed_per_filter_config"][FILTER]
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})


@dataclass
class WebProxy:
    """A running one. Browsers that lose their connections go through `reset`; all else befalls what is behind it."""

    address: str
    process: asyncio.subprocess.Process
    behind: Faults | None = None

    def reset(self) -> None:
        """Cuts all connections with browsers."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"cut\n")

    def pause(self) -> None:
        assert self.behind is not None
        self.behind.pause()

    def resume(self) -> None:
        assert self.behind is not None
        self.behind.resume()

    def drop_next_answer(self) -> Any:
        assert self.behind is not None
        return self.behind.drop_next_answer()


async def built(folder: Path) -> Path:
    """The program."""
    binary = folder / "proxy"
    build = await asyncio.create_subprocess_exec("go", "build", "-o", binary, ".", cwd=FOLDER)
    assert await build.wait() == 0
    return binary


@asynccontextmanager
async def web_proxy(
    binary: Path, address: str, *, origin: str = "", cors: CorsPolicy | None = None, behind: Faults | None = None
) -> AsyncIterator[WebProxy]:
    """Before the server at that address, for pages of that origin."""
    allowed = cors or CorsPolicy.documented()
    process = await asyncio.create_subprocess_exec(
        binary,
        f"-origin={origin}",
        f"-allow-methods={allowed.allow_methods}",
        f"-allow-headers={allowed.allow_headers}",
        f"-expose-headers={allowed.expose_headers}",
        f"-max-age={allowed.max_age}",
        address,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield WebProxy((await process.stdout.readline()).decode().strip(), process, behind)
    finally:
        process.stdin.close()
        await process.wait()
