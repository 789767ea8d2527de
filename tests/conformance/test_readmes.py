"""The example that stands first in the README of each client, run as it stands against a server."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from tests.conformance.stage import Stage
from tools.languages import ROOT, Language, languages

BLOCK = re.compile(r"^```(go|ts)\n(.*?)^```", re.M | re.S)


@pytest.mark.parametrize(
    "language", [each for each in languages() if "example" in each.steps], ids=lambda language: language.language
)
async def test_the_example_of_the_readme_does_what_it_says(language: Language, shared: Stage) -> None:
    if language.missing:
        pytest.skip(f"{language.title} is left out, without {', '.join(language.missing)}")
    environment = {**os.environ, "LOCI_ADDRESS": shared.address, "LOCI_API_KEY": shared.api_key}
    for command in language.steps["example"]:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT / language.cwd,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()[-3000:]


@pytest.mark.parametrize(("fence", "client"), [("go", "go"), ("ts", "typescript")])
def test_the_readme_of_the_project_shows_the_examples_of_its_clients(fence: str, client: str) -> None:
    assert first_block(ROOT / "README.md", fence) == first_block(ROOT / "clients" / client / "README.md", fence)


def first_block(file: Path, fence: str) -> str:
    return next(text for name, text in BLOCK.findall(file.read_text()) if name == fence)
