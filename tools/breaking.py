"""Holds the contract against the one before: the last tag, or where there is none the commit before this one.

`buf breaking` with the rules of buf.yaml. The googleapis protos, which are not in the repository, are put beside the
old contract, too.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.generate import GOOGLEAPIS, ROOT, copy_googleapis


def git(*arguments: str) -> str | None:
    """What git prints, or None if it fails."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def main() -> int:
    before = git("describe", "--tags", "--abbrev=0") or git("rev-parse", "--verify", "--quiet", "HEAD~1")
    if before is None or git("cat-file", "-e", f"{before}:proto") is None:
        print("no contract before this one")
        return 0
    copy_googleapis()
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", before, "proto", "buf.yaml"], cwd=ROOT, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        shutil.copytree(GOOGLEAPIS, Path(folder) / "build" / "googleapis")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(["buf", "breaking", "--against", folder], cwd=ROOT, env=dict(os.environ, PATH=path))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
