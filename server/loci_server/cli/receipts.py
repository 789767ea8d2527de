"""`loci receipt`: proofs of erasure."""

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.failures import WRONG_USAGE, Failed, guarded
from loci_server.cli.output import remark
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.erasure_pb2 import ErasureReceipt

app = group("Receipts of erasures: get, verify, and by which key.")


@app.command()
@client_command
def get(session: Session, erasure: Annotated[str, typer.Argument(metavar="ERASURE", help="Its id.")]) -> None:
    """Print the receipt of an erasure that is over, to keep in a file."""
    found = session.client.get_erasure(erasure)
    if not found.HasField("receipt"):
        raise Failed("the erasure is not over yet; `loci erasures show` tells how far it is")
    print(json.dumps(as_json(found.receipt), ensure_ascii=False, indent=2))


@app.command()
@client_command
def key(session: Session) -> None:
    """Print the public key by which receipts are verified (PEM). Keep it apart from the server."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = Ed25519PublicKey.from_public_bytes(session.client.get_receipt_key())
    print(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), end="")


@app.command()
def verify(
    receipt: Annotated[Path, typer.Argument(metavar="FILE", help="As `loci receipt get` printed it; `-` is stdin.")],
    key: Annotated[
        Path | None, typer.Option(metavar="PEM", help="The public key that you trust, as of `loci receipt key`.")
    ] = None,
) -> None:
    """Verify a receipt, without a server. Prints what it attests."""
    with guarded():
        _verify(receipt, key)


def _verify(receipt: Path, key: Path | None) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    statement, signature, own = _read(receipt)
    trusted = own if key is None else _public_key(key)
    try:
        Ed25519PublicKey.from_public_bytes(trusted).verify(signature, statement.encode())
    except InvalidSignature:
        raise Failed("the receipt is NOT genuine: its signature is not by this key, or it was changed") from None
    print(json.dumps(json.loads(statement), ensure_ascii=False, indent=2))
    if key is None:
        remark("It was not changed; but only --key PEM, with a key that you trust, proves who signed it.")


def as_json(receipt: "ErasureReceipt") -> dict[str, str]:
    return {
        "statement": receipt.statement,
        "signature": base64.b64encode(receipt.signature).decode(),
        "public_key": base64.b64encode(receipt.public_key).decode(),
    }


def _read(path: Path) -> tuple[str, bytes, bytes]:
    """Statement, signature and public key of a file."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text()
        found: Any = json.loads(text)
        statement = found["statement"]
        json.loads(statement)
        signature, own = (base64.b64decode(found[name], validate=True) for name in ("signature", "public_key"))
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}", code=WRONG_USAGE) from None
    except (KeyError, TypeError, ValueError):
        raise Failed(f"{path} is not a receipt", code=WRONG_USAGE) from None
    if len(own) != 32:
        raise Failed(f"{path} is not a receipt", code=WRONG_USAGE)
    return statement, signature, own


def _public_key(path: Path) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    try:
        key: object = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}", code=WRONG_USAGE) from None
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Failed(f"{path} is not a public key of Ed25519 in PEM", code=WRONG_USAGE)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
