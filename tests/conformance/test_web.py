"""The client for browsers, through a proxy that asks the server by gRPC: the scenarios that break nothing."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.agent import running_agent
from tests.conformance.play import Play, Unlike
from tests.conformance.scenario import scenarios
from tests.conformance.stage import Stage
from tools.languages import languages

FOLDER = Path(__file__).parent / "web"
NEEDS = ("go", "node")
SCENARIOS = [each for each in scenarios() if (each.stage, each.through) == ("server", "direct")]


@asynccontextmanager
async def proxy(binary: Path, address: str) -> AsyncIterator[str]:
    """Its address."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(binary, address, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


@pytest.mark.parametrize("protocol", ["grpc-web", "connect"])
async def test_in_browsers_it_behaves_as_every_other_client(protocol: str, shared: Stage, tmp_path: Path) -> None:
    missing = [program for program in NEEDS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"without {', '.join(missing)}")
    build = await asyncio.create_subprocess_exec("go", "build", "-o", tmp_path / "proxy", ".", cwd=FOLDER)
    assert await build.wait() == 0
    typescript = next(each for each in languages() if each.language == "typescript")
    unlike = []
    async with (
        proxy(tmp_path / "proxy", shared.address) as address,
        running_agent(typescript, LOCI_AGENT_WEB=protocol) as agent,
    ):
        stage = replace(shared, address=address)
        for scenario in SCENARIOS:
            try:
                await Play(agent, stage, scenario).run()
            except Unlike as error:
                unlike.append(f"{scenario.name}: {error}")
    assert unlike == []
