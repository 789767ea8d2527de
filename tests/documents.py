"""The scripts that the documentation gives, for tests to run as they stand there."""

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def script(document: str, name: str) -> str:
    """The indented block of a document that begins with `# NAME`."""
    lines = (DOCS / document).read_text().splitlines()
    first = lines.index(f"    # {name}")
    block: list[str] = []
    for line in lines[first:]:
        if line and not line.startswith("    "):
            break
        block.append(line.removeprefix("    "))
    return "\n".join(block).strip() + "\n"
