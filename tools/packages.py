"""`python -m tools.packages`: installs the Debian packages that tests need, where it can.

What stays missing is named with what is left out for it; with --all that is a failure.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

SYSTEM_PROGRAMS = "/usr/sbin:/sbin"
"""Where Debian has servers, beside PATH."""
INSTALL = ("apt-get", "install", "--yes", "-qq", "--no-install-recommends", "--option=DPkg::Lock::Timeout=300")


@dataclass(frozen=True, slots=True)
class Package:
    """`tests` are those that use its program."""

    name: str
    program: str
    tests: str
    beside: Sequence[str] = ()
    """Programs without which these tests are left out anyway."""

    @property
    def is_missing(self) -> bool:
        return not is_there(self.program) and all(is_there(program) for program in self.beside)


PACKAGES = (
    Package("pgbouncer", "pgbouncer", "the tests through a pooler"),
    Package("chromium", "chromium", "the tests of the TypeScript client in a browser", beside=("go", "node")),
)


def is_there(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PROGRAMS}") is not None


def main() -> int:
    """0 if nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.packages", description=__doc__)
    parser.add_argument("--all", action="store_true", help="fail if one cannot be installed")
    options = parser.parse_args()
    install([package for package in PACKAGES if package.is_missing])
    left_out = [package for package in PACKAGES if package.is_missing]
    for package in left_out:
        hint = f"as root: apt-get install {package.name}"
        print(f"left out: {package.tests}, without {package.program} ({hint})", file=sys.stderr)
    return 1 if options.all and left_out else 0


def install(packages: Sequence[Package]) -> None:
    """One by one, as another distribution may lack one of them. Does nothing without apt or the rights to use it."""
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-qq"), *((*INSTALL, package.name) for package in packages)):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
