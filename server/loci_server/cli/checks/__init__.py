"""The checks of `loci doctor`. Each yields findings and changes nothing."""

from collections.abc import Callable, Iterator

from loci_server.cli.checks.finding import Finding, Mark, ok, problem, warning
from loci_server.cli.connection import Options

__all__ = ["Finding", "Mark", "all_findings", "ok", "problem", "warning"]


def all_findings(options: Options) -> Iterator[Finding]:
    """Everything, in the order in which one thing needs the other."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from loci_server.cli.checks import database, embedder, identities, keys, local, server
    from loci_server.cli.failures import describe
    from loci_server.settings import Settings

    yield from local.runtime()
    try:
        settings = Settings()
    except (ValidationError, SettingsError) as error:
        yield problem("settings", describe(error) or str(error))
    else:
        checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
            local.data_folder,
            keys.keys,
            identities.certificate,
            identities.identities,
            database.database,
            embedder.embedder,
        )
        for check in checks:
            yield from check(settings)
        yield from server.port(settings, options)
    yield from server.server(options)
