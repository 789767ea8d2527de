"""`loci doctor`: looks at everything a server needs and says in plain sentences what is well and what is not."""

import typer

from loci_server.cli.checks import Finding, Mark, all_findings
from loci_server.cli.commands import client_command
from loci_server.cli.output import Output, harmless
from loci_server.cli.session import Session

SIGNS = {Mark.OK: ("ok", "green"), Mark.WARNING: ("warning", "yellow"), Mark.PROBLEM: ("problem", "bold red")}


@client_command
def command(session: Session) -> None:
    """Check this machine's installation: settings, data folder, keyring, database, embedder, server, API key.

    Changes nothing. Ends with exit code 1 if there is a problem.
    """
    worst = Mark.OK
    for finding in all_findings(session.options):
        _print(session.output, finding)
        worst = max(worst, finding.mark)
    if worst is Mark.PROBLEM:
        raise typer.Exit(1)


def _print(output: Output, finding: Finding) -> None:
    if output.as_json:
        output.json({"check": finding.check, "mark": finding.mark.name.lower(), "message": finding.sentence})
        return
    from rich.text import Text

    from loci_server.cli.output import stdout

    sign, style = SIGNS[finding.mark]
    stdout().print(Text.assemble((f"{sign:<8}", style), harmless(finding.sentence)), soft_wrap=True)
