"""Who is calling is not known, or may not do this."""

from loci.v1.errors_pb2 import ErrorReason

from .tree import LociError


class Unauthenticated(LociError):
    """{detail}"""

    code = "UNAUTHENTICATED"
    reason = ErrorReason.ERROR_REASON_CREDENTIAL_INVALID
    advice = "Check the key; `loci keys create` makes a new one."


class CredentialMissing(Unauthenticated):
    """Send an API key or a token as `authorization: Bearer KEY`."""

    reason = ErrorReason.ERROR_REASON_CREDENTIAL_MISSING


class CredentialInvalid(Unauthenticated):
    """The API key is not valid."""


class TokenInvalid(CredentialInvalid):
    """The token is not valid: {detail}"""

    advice = "Get a token of the issuer and for the audience that the server is set up for."


class CertificateInvalid(CredentialInvalid):
    """The client certificate is not valid: {detail}"""

    advice = "Show a certificate with one SPIFFE id or with DNS names, or send an API key or a token."


class CredentialExpired(Unauthenticated):
    """The API key has expired."""

    reason = ErrorReason.ERROR_REASON_CREDENTIAL_EXPIRED


class TokenExpired(CredentialExpired):
    """The token has expired."""

    advice = "Get a new one from its issuer."


class CertificateExpired(CredentialExpired):
    """The client certificate has expired."""

    advice = "Connect anew with one that is valid."


class PermissionDenied(LociError):
    """{detail}"""

    code = "PERMISSION_DENIED"
    reason = ErrorReason.ERROR_REASON_SCOPE_MISSING
    advice = "Use a key that has the scope."


class ScopeMissing(PermissionDenied):
    """This call needs the scope {scope}."""


class IdentityUnknown(PermissionDenied):
    """The credential is genuine, and nothing says what it may do here."""

    reason = ErrorReason.ERROR_REASON_IDENTITY_UNKNOWN
    advice = "A rule of the server's identity map has to name it."


class GraphNotGranted(PermissionDenied):
    """The credential is limited to graphs, of which {resource} is none."""

    reason = ErrorReason.ERROR_REASON_GRAPH_NOT_GRANTED
    advice = "Use a key for this graph. Whether the graph exists is not said."


class NewGraphNotGranted(GraphNotGranted):
    """The credential is limited to graphs: give graph_id, as an id that the server makes is none of them."""


class TenantNotGranted(GraphNotGranted):
    """The credential is limited to graphs, and this call is about the tenant as a whole."""

    advice = "Use a key that is not limited to graphs."
