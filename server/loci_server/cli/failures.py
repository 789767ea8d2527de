"""Every way a command can fail, as one line on stderr and an exit code.

What is not known here is a defect and keeps its traceback.
"""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

import typer

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from loci import LociError

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
PLACEHOLDER = re.compile(r"\{\w+\}")


class Failed(Exception):
    """What a command says itself when it cannot go on."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def guarded() -> Iterator[None]:
    """Turns what a command may fail with into a line and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has left (`| head`). Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FAILED) from None
    except (KeyboardInterrupt, asyncio.CancelledError, typer.Abort):
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except ExceptionGroup as group:
        raise _exit_for(_first(group)) from None
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        raise _exit_for(error) from None


def describe(error: Exception) -> str | None:
    """The line for an error, or None for one that is not expected."""
    import asyncpg
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from loci import LociError
    from loci_server import errors
    from loci_server.cli.jsonl import BadLine
    from loci_server.crypto.keyring import KeyringError
    from loci_server.embedded import BundledPostgresError
    from loci_server.store.migrations import MigrationError

    match error:
        case Failed() | BadLine() | KeyringError() | BundledPostgresError() | MigrationError():
            return str(error)
        case LociError():
            return _of_server(error)
        case errors.LociError():
            return " ".join(filter(None, (error.message, error.advice)))
        case ValidationError():
            return "the settings are not valid: " + "; ".join(_wrong_setting(part) for part in error.errors())
        case SettingsError():
            # The value, which may be a secret, stands in the cause.
            (name,) = re.findall(r'field "(\w+)"', str(error)) or ["SETTING"]
            return f"the settings are not valid: LOCI_{name.upper()}: give JSON"
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return f"the database refuses: {error}"
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return f"{place}{error.strerror or error}"
        case _:
            return None


def _wrong_setting(part: "ErrorDetails") -> str:
    """What is wrong with one variable, or, where several contradict each other, what the settings say of it."""
    said = part["msg"].removeprefix("Value error, ")
    if not part["loc"]:
        return said
    return f"LOCI_{'_'.join(map(str, part['loc'])).upper()}: {said}"


def _of_server(error: "LociError") -> str:
    if error.code == "UNAVAILABLE" and not error.reason:
        return unreachable(error.message)
    if error.reason == "CREDENTIAL_MISSING":
        return (
            f"{error.reason}: no API key. Give --api-key-file, or set LOCI_API_KEY or LOCI_API_KEY_FILE. That of the "
            "server's data folder is found by itself only on its machine, with the LOCI_DATA_DIR of the server"
        )
    fields = [violation.field for violation in error.violations if violation.field not in error.message]
    where = f" (in {', '.join(dict.fromkeys(fields))})" if fields else ""
    message = error.message if error.message.endswith((".", "!", "?")) else f"{error.message}."
    return " ".join(
        filter(
            None, (f"{error.reason or error.code}: {message}{where}", advice(error.reason or error.code, error.message))
        )
    )


def advice(reason: str, message: str = "") -> str:
    """What a caller can do about an error, as docs/errors.md says it. Several errors may have one reason: that of the
    one whose message this is, or else of the most general."""
    from loci_server.errors import all_errors

    found = [error for error in all_errors() if error.reason_name() == reason and error.advice]
    said = [error for error in found if _is_filled(error.template, message)]
    closest = max(said, key=lambda error: len(PLACEHOLDER.sub("", error.template)), default=None)
    return (closest or found[0]).advice if found else ""


def _is_filled(template: str, message: str) -> bool:
    """Whether the message is this one, with something in the place of what stands in braces."""
    literal = (re.escape(part) for part in PLACEHOLDER.split(template))
    return re.fullmatch(".*".join(literal), message, re.DOTALL) is not None


HANDSHAKES = {
    "WRONG_VERSION_NUMBER": "the server does not speak TLS there; leave out --tls, --ca and --client-cert",
    "CERTIFICATE_VERIFY_FAILED": "its certificate is not by an authority that is trusted here; --ca names one",
    "Peer name": "its certificate is for another name than that of --address",
    "Tls handshake failed": "the TLS handshake failed; check --ca, --client-cert and --client-key",
    "Ssl handshake failed": "the TLS handshake failed; check --ca, --client-cert and --client-key",
    "Socket closed": "it closed the connection at once; it may speak TLS (--tls, --ca) or demand a client certificate "
    "(--client-cert, --client-key)",
}
"""What gRPC says of a connection that a server did answer, and what that means."""


def unreachable(message: str) -> str:
    """What gRPC says of a connection that there is not, for people."""
    last = unquote(_short(message)).replace("Failed to connect to remote host: ", "")
    place = next(iter(re.findall(r"^ipv[46]:(.+?:\d+): ", last)), "")
    for sign, meaning in HANDSHAKES.items():
        if sign in last:
            return f"the server at {place} takes no such connection: {meaning}" if place else meaning
    last = re.sub(r"^ipv[46]:", "", last)
    other = ", as 127.0.0.1 where it is `localhost`" if place.startswith("[::1]") else ""
    return f"no server answers: {last}. Start one with `loci serve`, or give its --address{other}"


def _short(message: str) -> str:
    """gRPC says it twice: `failed to connect to all addresses; last error: UNAVAILABLE: ipv4:…: Connection refused`."""
    _, _, last = message.rpartition("last error: ")
    return last.removeprefix("UNAVAILABLE: ").removeprefix("UNKNOWN: ")


def _first(group: ExceptionGroup[Exception]) -> Exception:
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _exit_for(error: Exception) -> typer.Exit:
    """What to raise instead, once the line is printed. Raises the error itself if it is a defect."""
    line = describe(error)
    if line is None:
        raise error
    typer.echo(f"error: {' '.join(line.split())}", err=True)
    return typer.Exit(error.code if isinstance(error, Failed) else FAILED)
