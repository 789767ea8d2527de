"""The root keys of the provider `local`: what each of them wraps, and which of them are missing."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from loci_server.cli.checks.finding import Finding, ok, problem

if TYPE_CHECKING:
    from loci_server.crypto.provider import KeyProvider
    from loci_server.store.pool import Database

CHECK = "root keys"
NAMED_GRAPHS = 5


async def root_keys(keys: "KeyProvider", database: "Database") -> AsyncIterator[Finding]:
    """A line for each key of the keyring, in its order, and a problem for each that is in use and is not there."""
    from loci_server.crypto.provider import INSTALLATION
    from loci_server.store.kek_uses import graphs_wrapped_by, kek_uses

    uses, held = await kek_uses(database), await keys.held(INSTALLATION)
    for place, kek_id in enumerate(held):
        if kek_id in uses:
            yield ok(CHECK, f"The root key {kek_id} wraps {uses[kek_id].what}.")
        elif place == 0:
            yield ok(CHECK, f"The root key {kek_id} wraps nothing yet; it is the first, and wraps what is new.")
        else:
            yield ok(CHECK, f"The root key {kek_id} wraps nothing: this database does not need it.")
    for kek_id in uses.keys() - {*held}:
        graphs = await graphs_wrapped_by(database, kek_id, NAMED_GRAPHS + 1)
        named = ", ".join(graphs[:NAMED_GRAPHS]) + (" and others" if len(graphs) > NAMED_GRAPHS else "")
        yield problem(
            CHECK,
            f"The root key {kek_id} is not in the keyring and wraps {uses[kek_id].what}"
            f"{f' ({named})' if named else ''}: what they sealed cannot be read. Put the key back behind the others.",
        )
