"""The envelope: how content is sealed at rest.

    byte 0       format, 0x01
    bytes 1–4    version of the data key, big endian
    bytes 5–16   nonce, 96 random bits
    the rest     AES-256-GCM ciphertext and 128-bit tag (NIST SP 800-38D)

The additional data bind the ciphertext to its place: tenant, graph, kind, id, field and key version. One that is moved
to another row, column, graph or tenant does not open.
"""

import os
import struct
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from loci_server.errors import ContentUnreadable

FORMAT = 1
HEADER = struct.Struct(">BI")
NONCE_BYTES = 12
TAG_BYTES = 16
CONTENT = HEADER.size + NONCE_BYTES
"""Where the ciphertext begins."""
OVERHEAD = HEADER.size + NONCE_BYTES + TAG_BYTES


class Sealer:
    """Seals and opens for one scope (a graph of a tenant, or the installation) with versioned keys of 32 bytes.

    `keys` maps versions to keys: one of them seals (`sealing`; default: the highest), all open. Versions come and go
    while others use it.
    """

    def __init__(self, scope: bytes, keys: Mapping[int, bytes], sealing: int | None = None) -> None:
        self._scope = scope
        self._keys = {version: AESGCM(key) for version, key in keys.items()}
        self._sealed = 0
        self._seal_with(max(keys) if sealing is None else sealing)

    @property
    def sealing(self) -> int:
        """The version that seals."""
        return self._sealing[0]

    def learn(self, keys: Mapping[int, bytes], sealing: int) -> None:
        """From now on opens with these keys, too, and seals with that version, if it is a higher one."""
        for version, key in keys.items():
            if version not in self._keys:
                self._keys[version] = AESGCM(key)
        if sealing > self.sealing:
            self._seal_with(sealing)

    def forget(self, versions: Container[int]) -> None:
        """Opens nothing any more with versions other than these and the one that seals."""
        for version in [version for version in self._keys if version not in versions and version != self.sealing]:
            del self._keys[version]

    def take_count(self) -> tuple[int, int]:
        """The version that seals, and how often it has since this was last asked."""
        taken, self._sealed = self._sealed, 0
        return self.sealing, taken

    def _seal_with(self, version: int) -> None:
        self._sealing = version, HEADER.pack(FORMAT, version), self._keys[version].encrypt

    def seal(self, kind: bytes, identity: bytes, field: bytes, plaintext: bytes) -> bytes:
        _, header, encrypt = self._sealing
        self._sealed += 1
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + encrypt(nonce, plaintext, associated_data(self._scope, kind, identity, field, header))

    def open(self, kind: bytes, identity: bytes, field: bytes, envelope: bytes) -> bytes:
        """The plaintext. Raises ContentUnreadable if the envelope was changed, moved, or sealed with an unknown key."""
        if len(envelope) < OVERHEAD or envelope[0] != FORMAT:
            raise ContentUnreadable(detail="it is not an envelope")
        header = envelope[: HEADER.size]
        key = self._keys.get(int.from_bytes(header[1:], "big"))
        if key is None:
            raise ContentUnreadable(detail="its key is not known")
        data = associated_data(self._scope, kind, identity, field, header)
        try:
            return key.decrypt(envelope[HEADER.size : CONTENT], envelope[CONTENT:], data)
        except InvalidTag:
            raise ContentUnreadable(detail="it was changed or moved") from None

    def opener(self, kind: bytes, field: bytes) -> Callable[[bytes, bytes], bytes]:
        """`open` for many envelopes of one kind and field: takes identity and envelope."""
        known = {}
        for version, key in self._keys.items():
            header = HEADER.pack(FORMAT, version)
            known[header] = key.decrypt, associated_data(self._scope, kind, b"", field, header)

        def opened(identity: bytes, envelope: bytes) -> bytes:
            found = known.get(envelope[: HEADER.size])
            if found is None or len(envelope) < OVERHEAD:
                return self.open(kind, identity, field, envelope)  # which says what is wrong with it
            decrypt, data = found
            try:
                return decrypt(envelope[HEADER.size : CONTENT], envelope[CONTENT:], data + identity)
            except InvalidTag:
                raise ContentUnreadable(detail="it was changed or moved") from None

        return opened


def associated_data(scope: bytes, kind: bytes, identity: bytes, field: bytes, header: bytes) -> bytes:
    """Length-prefixed, so that no two places share an encoding. The identity is the rest."""
    return b"%b%c%b%c%b%b%b" % (
        scope,
        len(kind),
        kind,
        len(field),
        field,
        header,
        identity,
    )


def graph_scope(tenant_key: int, graph_key: int) -> bytes:
    return b"loci/graph" + struct.pack(">QQ", tenant_key, graph_key)


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored: wrapped by the key-encryption key `kek_id`."""

    kek_id: str
    wrapped: bytes


def version_header(version: int) -> bytes:
    """The version as it stands in an envelope: its bytes 1 to 4."""
    return version.to_bytes(4, "big")
