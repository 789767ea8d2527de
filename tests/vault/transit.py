"""The Transit engine of the stand-in: keys of aes256-gcm96, with versions and additional data."""

import base64
import os
import threading
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vault.wire import DONE, Answer, Refusal, Request, enveloped


@dataclass
class Key:
    """Version n is `versions[n - 1]`, empty once it was trimmed."""

    type: str = "aes256-gcm96"
    exportable: bool = False
    allow_plaintext_backup: bool = False
    deletion_allowed: bool = False
    min_decryption_version: int = 1
    min_encryption_version: int = 0
    min_available_version: int = 0
    versions: list[bytes] = field(default_factory=lambda: [os.urandom(32)])


class Transit:
    """One mount."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.made: list[str] = []
        self.unopened_status = 400
        """Some versions say 500."""
        self.heeds_additional_data = True
        """Versions before 1.13 do not."""
        self._lock = threading.Lock()

    def answer(self, request: Request, path: str) -> Answer:
        with self._lock:
            match request.method, path.split("/"):
                case "POST" | "PUT", ["keys", name]:
                    return self._create(name, request)
                case "GET", ["keys", name]:
                    return self._described(name)
                case "DELETE", ["keys", name]:
                    return self._delete(name)
                case "POST" | "PUT", ["keys", name, "config"]:
                    return self._configure(name, request)
                case "POST" | "PUT", ["keys", name, "trim"]:
                    return self._trim(name, request)
                case "POST" | "PUT", ["keys", name, "rotate"]:
                    self._key(name).versions.append(os.urandom(32))
                    return self._described(name)
                case "POST" | "PUT", ["encrypt", name]:
                    return self._encrypt(self._key(name), request)
                case "POST" | "PUT", ["decrypt", name]:
                    return self._decrypt(self._key(name), request)
        raise Refusal(405, "unsupported operation")

    def _create(self, name: str, request: Request) -> Answer:
        if name not in self.keys:  # else nothing is changed
            body = request.body
            self.keys[name] = Key(
                body.get("type", "aes256-gcm96"),
                body.get("exportable", False),
                body.get("allow_plaintext_backup", False),
            )
            self.made.append(name)
        return self._described(name)

    def _described(self, name: str) -> Answer:
        key = self.keys.get(name)
        if key is None:
            raise Refusal(404)
        return enveloped(
            {
                "name": name,
                "type": key.type,
                "exportable": key.exportable,
                "allow_plaintext_backup": key.allow_plaintext_backup,
                "deletion_allowed": key.deletion_allowed,
                "derived": False,
                "latest_version": len(key.versions),
                "min_available_version": key.min_available_version,
                "min_decryption_version": key.min_decryption_version,
                "min_encryption_version": key.min_encryption_version,
                "keys": {str(n): 1700000000 for n in range(key.min_decryption_version, len(key.versions) + 1)},
            }
        )

    def _configure(self, name: str, request: Request) -> Answer:
        key = self._key(name, "no existing key named %s could be found")
        lowest = {
            "decryption": request.body.get("min_decryption_version", key.min_decryption_version) or 1,
            "encryption": request.body.get("min_encryption_version", key.min_encryption_version),
        }
        latest = len(key.versions)
        for what, version in lowest.items():
            if version < 0:
                raise Refusal(400, f"min {what} version cannot be negative")
            if version > latest:
                raise Refusal(400, f"cannot set min {what} version of {version}, latest key version is {latest}")
        if 0 < lowest["encryption"] < lowest["decryption"]:
            raise Refusal(
                400,
                "cannot set min encryption/decryption values; "
                f"min encryption version of {lowest['encryption']} must be greater than or equal to "
                f"min decryption version of {lowest['decryption']}",
            )
        if key.min_available_version > lowest["encryption"]:
            raise Refusal(400, "min encryption version should not be less than min available version")
        if key.min_available_version > lowest["decryption"]:
            raise Refusal(400, "min decryption version should not be less then min available version")
        key.min_decryption_version, key.min_encryption_version = lowest["decryption"], lowest["encryption"]
        key.deletion_allowed = request.body.get("deletion_allowed", key.deletion_allowed)
        return self._described(name)

    def _trim(self, name: str, request: Request) -> Answer:
        key = self._key(name, "invalid key name")
        if "min_available_version" not in request.body:
            raise Refusal(400, "missing min_available_version")
        lowest, cannot = request.body["min_available_version"], "minimum available version cannot be"
        if lowest < key.min_available_version:
            raise Refusal(400, f"{cannot} decremented")
        if key.min_encryption_version == 0:
            raise Refusal(400, f"{cannot} set when minimum encryption version is not set")
        if lowest > key.min_encryption_version:
            raise Refusal(400, f"{cannot} greater than minmum encryption version")
        if lowest > key.min_decryption_version:
            raise Refusal(400, f"{cannot} greater than minimum decryption version")
        if lowest < 0:
            raise Refusal(400, f"{cannot} negative")
        if lowest == 0:
            raise Refusal(400, "minimum available version should be positive")
        key.min_available_version = lowest
        key.versions[: lowest - 1] = [b""] * (lowest - 1)
        return self._described(name)

    def _delete(self, name: str) -> Answer:
        key = self._key(name, "error deleting policy %s: could not delete key; not found")
        if not key.deletion_allowed:
            raise Refusal(400, f"error deleting policy {name}: deletion is not allowed for this key")
        del self.keys[name]
        return DONE

    def _encrypt(self, key: Key, request: Request) -> Answer:
        version, nonce = len(key.versions), os.urandom(12)
        sealed = nonce + AESGCM(key.versions[-1]).encrypt(
            nonce, decoded(request.body["plaintext"], "plaintext"), self._additional(request)
        )
        text = base64.b64encode(sealed).decode()
        return enveloped({"ciphertext": f"vault:v{version}:{text}", "key_version": version})

    def _decrypt(self, key: Key, request: Request) -> Answer:
        match request.body["ciphertext"].split(":", 2):
            case ["vault", version, text] if version.startswith("v") and version[1:].isdigit():
                number = int(version[1:])
            case _:
                raise Refusal(400, "invalid ciphertext: no prefix")
        if number > len(key.versions):
            raise Refusal(400, "invalid ciphertext: version is too new")
        if number < key.min_decryption_version:
            raise Refusal(400, "ciphertext or signature version is disallowed by policy (too old)")
        sealed = decoded(text, "ciphertext")
        if len(sealed) < 28:
            raise Refusal(400, "invalid ciphertext length")
        try:
            plain = AESGCM(key.versions[number - 1]).decrypt(sealed[:12], sealed[12:], self._additional(request))
        except InvalidTag:
            raise Refusal(self.unopened_status, "cipher: message authentication failed") from None
        return enveloped({"plaintext": base64.b64encode(plain).decode()})

    def _key(self, name: str, missing: str = "encryption key not found") -> Key:
        if name not in self.keys:
            raise Refusal(400, missing % name if "%s" in missing else missing)
        return self.keys[name]

    def _additional(self, request: Request) -> bytes | None:
        given = request.body.get("associated_data") if self.heeds_additional_data else None
        return decoded(given, "associated_data") if given else None


def decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal(400, f"failed to base64-decode {what}") from None
