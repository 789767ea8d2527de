"""`python -m tools.vulnerabilities`: asks whether what constraints.txt names is known to be vulnerable; fails if so.

It asks PyPI by pip-audit and, where that knows nothing of any package, OSV. Where neither can be reached it says that
nothing was looked at, and does not fail: a build does not depend on a service of others.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SERVICES = ("pypi", "osv")
SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Looked:
    """What a service knows of the packages."""

    vulnerable: list[str]
    """A line for each vulnerability."""
    unknown: list[str]
    """Packages of which it knows nothing."""
    known: int


def main() -> int:
    """0: nothing is known, or nobody could be asked; 1: something is vulnerable."""
    for service in SERVICES:
        looked = look(service)
        if looked is None or not looked.known:
            print(f"{service} could not be asked.")
            continue
        for package in looked.unknown:
            print(f"{service} knows nothing of {package}.")
        for line in looked.vulnerable:
            print(line)
        print(f"{looked.known} packages are known to {service}, {len(looked.vulnerable)} vulnerabilities among them.")
        return 1 if looked.vulnerable else 0
    print("No service could be reached: nothing was looked at.")
    return 0


def look(service: str) -> Looked | None:
    """None if the service cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "constraints.txt"), "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--vulnerability-service", service]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        return read(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None  # it writes JSON unless it breaks


def read(report: dict[str, Any]) -> Looked:
    """Of what pip-audit writes."""
    vulnerable: list[str] = []
    unknown: list[str] = []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
            continue
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version"
            vulnerable.append(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    return Looked(vulnerable, unknown, len(report["dependencies"]) - len(unknown))


if __name__ == "__main__":
    sys.exit(main())
