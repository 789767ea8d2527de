"""`loci keyring`: the root keys of the provider `local`, on the machine that has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.confirmation import confirm
from loci_server.cli.failures import WRONG_USAGE, Failed, guarded
from loci_server.cli.output import Output, remark

if TYPE_CHECKING:
    from pathlib import Path

    from loci_server.settings import Settings
    from loci_server.store.kek_uses import KekUse

app = typer.Typer(help="The root keys in keyring.json, from which all other keys come.", no_args_is_help=True)
COLUMNS = ("root key", "place", "wraps")
FIRST, BEHIND, MISSING = "first", "behind", "missing"
KekId = Annotated[str, typer.Argument(metavar="KEY", help="As `loci keyring list` shows it: local-….")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def _group() -> None:
    """The root keys in keyring.json, from which all other keys come. It takes the settings of the server, and no
    server."""


@app.command("list")
def _list(json: Json = False) -> None:
    """List root keys with what they wrap. The first one wraps what is new, all of them unwrap."""
    with guarded():
        from loci_server.crypto.keyring import read_keyring

        settings, path = _keyring()
        held = [*read_keyring(path)]
        uses = _uses(settings) or {}
        places = [(kek_id, FIRST if place == 0 else BEHIND) for place, kek_id in enumerate(held)]
        places += [(kek_id, MISSING) for kek_id in uses if kek_id not in held]
        output = Output(as_json=json)
        for kek_id, place in places if json else ():
            use = uses.get(kek_id)
            counted = {"data_keys": use.data_keys, "installation": use.secret} if use else {}
            output.json({"root_key": kek_id, "place": place, **counted})
        if not json:
            rows = [(kek_id, place, uses[kek_id].what if kek_id in uses else "nothing") for kek_id, place in places]
            output.table(COLUMNS, rows)


@app.command()
def add() -> None:
    """Add a new root key behind the others. Nothing is wrapped by it until `promote`."""
    with guarded():
        from loci_server.crypto.keyring import changing, new_key

        _, path = _keyring()
        with changing(path) as keys:
            kek_id, key = new_key()
            keys[kek_id] = key
        typer.echo(kek_id)
        remark(
            f"{path} has it as the last one. Bring the file to every machine of this installation, make a copy of it"
            f" elsewhere, restart the servers one after the other, then: loci keyring promote {kek_id}"
        )


@app.command()
def promote(kek_id: KekId) -> None:
    """Put a root key first: servers that start from now on wrap by it. The others unwrap as before."""
    with guarded():
        from loci_server.crypto.keyring import changing

        _, path = _keyring()
        with changing(path) as keys:
            _demand(kek_id, keys)
            others = {other: key for other, key in keys.items() if other != kek_id}
            first = keys[kek_id]
            keys.clear()
            keys.update({kek_id: first, **others})
        remark(
            f"{kek_id} is the first. Bring the file to every machine, restart the servers one after the other, then"
            " wrap all anew: loci rotation start installation, and loci rotation start tenants/TENANT for each"
        )


@app.command()
def remove(kek_id: KekId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a root key that wraps nothing. Refused while the database has anything that it wraps.

    What it ever wrapped, dumps from before among it, is not opened any more without a copy of it.
    """
    with guarded():
        from loci_server.crypto.keyring import changing

        settings, path = _keyring()
        with changing(path) as keys:
            _demand(kek_id, keys)
            if len(keys) == 1:
                raise Failed(f"{kek_id} is the only root key")
            if next(iter(keys)) == kek_id:
                raise Failed(f"{kek_id} is the first, and wraps what is new: promote another one before")
            uses = _uses(settings)
            if uses is None:
                raise Failed("there is no database that could tell what it wraps")
            if not any(use.secret and use.kek_id in keys for use in uses.values()):
                raise Failed("the database is not one that this keyring opens; LOCI_DATABASE_URL says which is meant")
            if kek_id in uses:
                raise Failed(
                    f"{kek_id} wraps {uses[kek_id].what}: rotate them first (`loci rotation show` has what is left)"
                )
            confirm(
                f"Remove {kek_id} from {path}? Dumps that were made while it was in use need a copy of it.", yes=yes
            )
            del keys[kek_id]
        remark(f"{kek_id} is removed. Do so on every machine.")


def _keyring() -> "tuple[Settings, Path]":
    from loci_server.preflight import keyring_file
    from loci_server.settings import Settings

    settings = Settings()
    if settings.key_provider != "local":
        raise Failed(f"LOCI_KEY_PROVIDER is {settings.key_provider}: there is no keyring", code=WRONG_USAGE)
    if settings.encryption_key is not None:
        raise Failed("the root key is LOCI_ENCRYPTION_KEY: there is no keyring", code=WRONG_USAGE)
    path = keyring_file(settings)
    if not path.exists():
        raise Failed(f"{path} is not there: the first start makes it; LOCI_DATA_DIR says which folder is meant")
    return settings, path


def _demand(kek_id: str, keys: dict[str, bytes]) -> None:
    if kek_id not in keys:
        raise Failed(f"the keyring has no key {kek_id!r}; it has {', '.join(keys)}")


def _uses(settings: "Settings") -> "dict[str, KekUse] | None":
    """What each key wraps, by its id. None: there is no database yet."""
    import asyncio

    with _database(settings) as url:
        return None if url is None else asyncio.run(_asked(settings, url))


@contextmanager
def _database(settings: "Settings") -> Iterator[str | None]:
    from loci_server.cli.migrate import database
    from loci_server.embedded import BundledPostgres

    if settings.database_url is None and not BundledPostgres.exists_in(settings.data_dir):
        yield None
        return
    with database(settings) as url:
        yield url


async def _asked(settings: "Settings", url: str) -> "dict[str, KekUse]":
    from loci_server.bootstrap import Unobserved
    from loci_server.store.kek_uses import kek_uses
    from loci_server.store.pool import connect

    database = await connect(url, size=1, pooler=settings.database_pooler, observer=Unobserved())
    try:
        return await kek_uses(database)
    finally:
        await database.close()
