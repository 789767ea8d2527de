"""What is known to be vulnerable fails the build; what cannot be asked is said, and does not."""

from typing import Any

import pytest

from tools import vulnerabilities
from tools.vulnerabilities import Looked, read

REPORT: dict[str, Any] = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "broken", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]},
        {"name": "hidden", "skip_reason": "Dependency not found on PyPI"},
    ]
}


def test_a_report_is_read() -> None:
    assert read(REPORT) == Looked(["broken 2.0: PYSEC-1, mended in 2.1"], ["hidden"], 2)


@pytest.mark.parametrize(
    ("looked", "status", "says"),
    [
        (read(REPORT), 1, "broken 2.0: PYSEC-1"),
        (Looked([], ["hidden"], 2), 0, "knows nothing of hidden"),
        (Looked([], ["hidden"], 0), 0, "nothing was looked at"),
        (None, 0, "nothing was looked at"),
    ],
)
def test_only_a_vulnerability_fails(
    looked: Looked | None, status: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vulnerabilities, "look", lambda service: looked)
    assert vulnerabilities.main() == status
    assert says in capsys.readouterr().out
