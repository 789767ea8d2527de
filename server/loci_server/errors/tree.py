"""What all errors are: a gRPC code, a reason, a message, and what tells more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from google.protobuf.message import Message

from loci.v1.errors_pb2 import ErrorReason


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request and what is wrong with it."""

    field: str
    description: str


class LociError(Exception):
    """{detail}"""

    code: ClassVar[str] = "INTERNAL"
    reason: ClassVar["ErrorReason.ValueType"] = ErrorReason.ERROR_REASON_INTERNAL
    template: ClassVar[str] = "{detail}"
    advice: ClassVar[str] = ""
    """What a caller can do about it, for docs/errors.md."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.template = (cls.__doc__ or "").strip()

    def __init__(
        self,
        *,
        field: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        resource: str | None = None,
        retry_after: float | None = None,
        details: tuple[Message, ...] = (),
        **metadata: object,
    ) -> None:
        self.metadata: Mapping[str, str] = {key: str(value) for key, value in metadata.items()}
        self.message = self.template.format_map(_Fill(metadata, field=field, resource=resource))
        self.violations = violations or ((FieldViolation(field, self.message),) if field else ())
        self.resource = resource
        self.retry_after = retry_after
        self.details = details
        super().__init__(self.message)

    @classmethod
    def reason_name(cls) -> str:
        """The reason as clients see it, without the enum's prefix."""
        return ErrorReason.Name(cls.reason).removeprefix("ERROR_REASON_")


class _Fill(dict[str, object]):
    def __init__(self, metadata: Mapping[str, object], **named: object) -> None:
        super().__init__(metadata)
        self.update({key: value for key, value in named.items() if value is not None})

    def __missing__(self, key: str) -> str:
        return f"({key})"
