"""`make proto`: writes the stubs of every language from proto/ with local plugins only.

The googleapis protos are copied out of their wheel into build/googleapis, where buf.yaml expects them.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOOGLEAPIS = ROOT / "build" / "googleapis"
PYTHON_STUBS = ROOT / "clients" / "python" / "loci" / "v1"


def copy_googleapis() -> None:
    for package in ("api", "rpc"):
        spec = find_spec(f"google.{package}")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        target = GOOGLEAPIS / "google" / package
        target.mkdir(parents=True, exist_ok=True)
        for proto in Path(next(iter(spec.submodule_search_locations))).glob("*.proto"):
            shutil.copy(proto, target / proto.name)


def buf(*arguments: str) -> None:
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    subprocess.run(["buf", *arguments], cwd=ROOT, check=True, env=environment)


def generate_python() -> None:
    if PYTHON_STUBS.exists():
        shutil.rmtree(PYTHON_STUBS)
    buf("generate")
    for stub in PYTHON_STUBS.glob("*_pb2_grpc.pyi"):
        if not stub.with_suffix(".py").exists():
            stub.unlink()
    (PYTHON_STUBS / "__init__.py").write_text('"""The generated messages and stubs of loci.v1."""\n')


def main() -> None:
    copy_googleapis()
    buf("lint")
    generate_python()


if __name__ == "__main__":
    main()
