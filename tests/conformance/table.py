"""The report of a run: a table of scenarios and languages."""

import re
from collections.abc import Mapping
from typing import Any

NODE = re.compile(r"test_conformance\.py::test_it_behaves_as_every_other_client\[(?P<scenario>.+)-(?P<language>\w+)\]$")
MARKS = {"passed": "yes", "failed": "FAILED", "error": "FAILED", "skipped": "left out"}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """After a run that held scenarios."""
    found = outcomes(terminalreporter.stats)
    if not found:
        return
    languages = sorted({language for marks in found.values() for language in marks})
    width = max(len(scenario) for scenario in found)
    terminalreporter.section("conformance")
    terminalreporter.write_line(" ".join([" " * width, *(language.ljust(10) for language in languages)]))
    for scenario, marks in found.items():
        cells = [marks.get(language, "").ljust(10) for language in languages]
        terminalreporter.write_line(" ".join([scenario.ljust(width), *cells]))


def outcomes(stats: Mapping[str, list[Any]]) -> dict[str, dict[str, str]]:
    """By scenario and language."""
    found: dict[str, dict[str, str]] = {}
    for outcome, mark in MARKS.items():
        for report in stats.get(outcome, ()):
            place = NODE.search(getattr(report, "nodeid", ""))
            if place:
                found.setdefault(place["scenario"], {})[place["language"]] = mark
    return dict(sorted(found.items()))
