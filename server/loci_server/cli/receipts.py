"""`loci receipt`: proofs of erasure."""

import base64
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    print(json.dumps(receipt_json(found.receipt), ensure_ascii=False, indent=2))


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
    trust_own_key: Annotated[
        bool,
        typer.Option(
            "--trust-own-key",
            help="Instead of --key: only look whether it fits the key that it brings. Anybody can make such a one.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: verdict, key and statement.")] = False,
) -> None:
    """Verify a receipt, without a server. Prints what it attests.

    Ends with 0 if it is genuine, with 1 if it is not, and with 2 if there is no receipt or key to tell it by.
    """
    with guarded():
        _verify(receipt, key, trust_own_key, as_json)


def _verify(receipt: Path, key: Path | None, trust_own_key: bool, as_json: bool) -> None:
    from loci_server.domain.receipts import NotAReceiptError, attested

    if key is not None and trust_own_key:
        raise Failed("give --key or --trust-own-key, not both", code=WRONG_USAGE)
    if key is None and not trust_own_key:
        raise Failed(
            "nothing is proved without --key: anybody can sign a receipt by a key that it brings itself. Give the key "
            "that `loci receipt key` printed when the installation was set up (or --trust-own-key)",
            code=WRONG_USAGE,
        )
    read = _read(receipt)
    trusted = read.public_key if key is None else _public_key(key)
    _check_signature(read, trusted)
    try:
        told = attested(read.statement)
    except NotAReceiptError as error:
        raise Failed(f"the receipt is NOT genuine: {error}") from None
    verdict = "genuine" if key is not None else "unchanged, signer unproved"
    if as_json:
        by = base64.b64encode(trusted).decode()
        print(json.dumps({"verdict": verdict, "public_key": by, "statement": told}, ensure_ascii=False))
        return
    print(json.dumps(told, ensure_ascii=False, indent=2))
    if key is None:
        remark("UNPROVED: it was not changed since it was signed, but by whom, only --key PEM proves.")
    else:
        remark(f"GENUINE: signed by the key in {key}.")


def _check_signature(read: "_Read", trusted: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(trusted).verify(read.signature, read.statement.encode())
    except InvalidSignature:
        raise Failed("the receipt is NOT genuine: its signature is not by this key, or it was changed") from None


def receipt_json(receipt: "ErasureReceipt") -> dict[str, str]:
    return {
        "statement": receipt.statement,
        "signature": base64.b64encode(receipt.signature).decode(),
        "public_key": base64.b64encode(receipt.public_key).decode(),
    }


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands in a file, before anything of it is believed."""

    statement: str
    signature: bytes
    public_key: bytes


def _read(path: Path) -> _Read:
    from loci_server.domain.receipts import members

    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        found = members(text, ("statement", "signature", "public_key"))
        signature, own = (base64.b64decode(found[name], validate=True) for name in ("signature", "public_key"))
        read = _Read(found["statement"], signature, own)
        read.statement.encode()
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}", code=WRONG_USAGE) from None
    except (AttributeError, TypeError, ValueError, RecursionError):
        raise Failed(f"{path} is not a receipt", code=WRONG_USAGE) from None
    if len(own) != 32:
        raise Failed(f"{path} is not a receipt", code=WRONG_USAGE)
    return read


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
