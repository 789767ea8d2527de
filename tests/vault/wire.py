"""What the stand-in is asked and answers, in the shapes of Vault's HTTP API."""

import uuid
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request. `path` is what follows /v1/."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    token: str = ""
    namespace: str = ""

    @property
    def writes(self) -> bool:
        return self.method in ("POST", "PUT")


@dataclass(frozen=True)
class Answer:
    """204 without a body."""

    body: Json | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An error in Vault's form."""

    def __init__(self, status: int, *errors: str, headers: dict[str, str] | None = None, extra: Json | None = None):
        super().__init__(status, *errors)
        self.answer = Answer(extra if extra is not None else {"errors": list(errors)}, status, headers or {})


DONE = Answer(status=204)


def enveloped(data: Json | None = None, auth: Json | None = None) -> Answer:
    """The envelope that all successes come in."""
    return Answer(
        {
            "request_id": str(uuid.uuid4()),
            "lease_id": "",
            "renewable": False,
            "lease_duration": 0,
            "data": data,
            "wrap_info": None,
            "warnings": None,
            "auth": auth,
        }
    )


def denied() -> Refusal:
    return Refusal(403, "permission denied")
