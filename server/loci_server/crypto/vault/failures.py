"""What goes wrong with Vault, and which of it may pass.

Vault's own words decide the cause and go no further: they can quote paths and values.
"""

from collections.abc import Sequence
from enum import Enum


class Cause(Enum):
    """One sentence each, for the log and for the error that a caller gets. None holds anything of a request."""

    UNREACHABLE = "it cannot be reached."
    CUT = "the connection was cut."
    SLOW = "it does not answer in time."
    UNTRUSTED = "TLS fails; check LOCI_VAULT_CA_FILE, LOCI_VAULT_CLIENT_CERTIFICATE and the certificate of Vault."
    SEALED = "it is sealed, or not initialized."
    LIMITED = "it limits the rate of requests."
    BROKEN = "it has an error of its own."
    REDIRECTED = "it redirects to another address, and redirects are not followed; check LOCI_VAULT_URL."
    DENIED = "it denies permission, also after a new login; check the policy and LOCI_VAULT_MOUNT."
    LOGIN_REFUSED = "it refuses the login; check LOCI_VAULT_AUTH and the settings that belong to it."
    NO_CREDENTIAL = "the file with its credential cannot be read."
    NO_MOUNT = "it knows no such mount or namespace; check LOCI_VAULT_MOUNT and LOCI_VAULT_NAMESPACE."
    ABSENT = "what was asked for is not there."
    NOT_UNDERSTOOD = "it refuses the request as malformed."
    UNOPENED = "it does not open the ciphertext."
    UNFIT = "the tenant's key is not one that Loci would make; docs/operations.md says how keys must be."
    BEHIND = "it lacks a version of the tenant's key that is in use; was it restored from a backup?"
    LOCKED = "the version of the tenant's key that is asked for is locked or deleted, and can be brought back."
    UNBOUND = "its Transit engine ignores associated_data; Loci needs Vault 1.13 or later, or OpenBao."
    MALFORMED = "its answer does not follow its protocol; check LOCI_VAULT_URL and LOCI_VAULT_MOUNT."
    CLOSED = "this server is stopping."


PASSING = frozenset({Cause.UNREACHABLE, Cause.CUT, Cause.LIMITED, Cause.BROKEN})
"""Causes for which another try can help within a moment."""
OF_ONE_KEY = frozenset({Cause.DENIED, Cause.UNFIT, Cause.BEHIND, Cause.LOCKED})
"""Causes that say nothing of what becomes of other tenants' keys."""
UNOPENED_WORDS = ("ciphertext", "message authentication failed", "key not found")
"""In Vault's words where it does not decrypt: changed, of another key or place, or of a version that is gone."""
NO_MOUNT_WORDS = ("no handler for route", "namespace")


class Failed(Exception):
    """A request to Vault without an answer that helps."""

    def __init__(self, cause: Cause, retry_after: float | None = None) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.retry_after = retry_after
        """Seconds, if Vault named any."""


def refused(status: int, errors: Sequence[str], retry_after: float | None) -> Failed:
    """Of an HTTP answer that is no success."""
    said = " ".join(errors).lower()
    unopened = any(word in said for word in UNOPENED_WORDS)
    match status:
        case 400:
            cause = Cause.UNOPENED if unopened else Cause.NOT_UNDERSTOOD
        case 401 | 403:
            cause = Cause.DENIED
        case 404:
            cause = Cause.NO_MOUNT if any(word in said for word in NO_MOUNT_WORDS) else Cause.ABSENT
        case 429:
            cause = Cause.LIMITED
        case 500 if "message authentication failed" in said:  # as some versions answer
            cause = Cause.UNOPENED
        case 501:
            cause = Cause.SEALED
        case 503 if "sealed" in said:
            cause = Cause.SEALED
        case 412 | 472 | 473:  # a standby that has yet to learn, or cannot answer
            cause = Cause.BROKEN
        case _ if status >= 500:
            cause = Cause.BROKEN
        case _ if 300 <= status < 400:
            cause = Cause.REDIRECTED
        case _:
            cause = Cause.NOT_UNDERSTOOD
    return Failed(cause, retry_after)
