"""What is published by itself carries the licence: registries show it, and who installs a package has it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("package", ["clients/python", "clients/go", "clients/rust"])
def test_each_package_has_the_licence_of_the_project(package: str) -> None:
    assert (ROOT / package / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
