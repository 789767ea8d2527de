"""The KV engine, version 2, of the stand-in: versions, check-and-set, soft deletes and destruction."""

import threading
from dataclasses import dataclass, field

from tests.vault.wire import DONE, Answer, Json, Refusal, Request, enveloped

CREATED = "2026-01-01T00:00:00.000000Z"
DEFAULT_VERSIONS = 10


@dataclass
class Version:
    data: Json | None
    deleted: bool = False
    destroyed: bool = False


@dataclass
class Secret:
    versions: dict[int, Version] = field(default_factory=dict)
    latest: int = 0
    max_versions: int = 0
    cas_required: bool = False


class Kv:
    """One mount."""

    def __init__(self) -> None:
        self.secrets: dict[str, Secret] = {}
        self.full = False
        """It takes no more writes."""
        self.halts = False
        """It breaks after it has marked versions as destroyed, before it removes what they hold."""
        self._lock = threading.Lock()

    def answer(self, request: Request, path: str) -> Answer:
        kind, _, name = path.partition("/")
        with self._lock:
            match request.method, kind:
                case "GET", "data":
                    return self._read(name, request)
                case "POST" | "PUT", "data":
                    return self._write(name, request)
                case "DELETE", "data":
                    secret = self._secret(name)
                    return self._marked(name, [secret.latest], deleted=True)
                case "POST" | "PUT", "delete" | "undelete":
                    return self._marked(name, request.body["versions"], deleted=kind == "delete")
                case "POST" | "PUT", "destroy":
                    return self._destroyed(name, request.body["versions"])
                case "GET", "metadata":
                    return self._described(name)
                case "POST" | "PUT", "metadata":
                    secret = self.secrets.setdefault(name, Secret())
                    secret.max_versions = request.body.get("max_versions", secret.max_versions)
                    secret.cas_required = request.body.get("cas_required", secret.cas_required)
                    return DONE
                case "DELETE", "metadata":
                    self.secrets.pop(name, None)
                    return DONE
        raise Refusal(405, "unsupported operation")

    def _read(self, name: str, request: Request) -> Answer:
        secret = self._secret(name)
        number = int(request.query.get("version", 0)) or secret.latest
        version = secret.versions.get(number)
        if version is None:
            raise Refusal(404)
        found = {"data": version.data, "metadata": metadata(number, version)}
        if version.deleted or version.destroyed:
            gone = enveloped({**found, "data": None}).body
            raise Refusal(404, extra=gone)
        return enveloped(found)

    def _write(self, name: str, request: Request) -> Answer:
        if self.full:
            raise Refusal(400, "put failed due to value being too large")
        secret = self.secrets.get(name, Secret())
        options = request.body.get("options") or {}
        if secret.cas_required and "cas" not in options:
            raise Refusal(400, "check-and-set parameter required for this call")
        if "cas" in options and options["cas"] != secret.latest:
            raise Refusal(400, "check-and-set parameter did not match the current version")
        self.secrets[name] = secret
        secret.latest += 1
        secret.versions[secret.latest] = Version(request.body["data"])
        for old in [n for n in secret.versions if n <= secret.latest - (secret.max_versions or DEFAULT_VERSIONS)]:
            del secret.versions[old]
        return enveloped(metadata(secret.latest, secret.versions[secret.latest]))

    def _marked(self, name: str, versions: list[int], deleted: bool) -> Answer:
        for version in self._those(name, versions):
            if not version.destroyed:
                version.deleted = deleted
        return DONE

    def _destroyed(self, name: str, versions: list[int]) -> Answer:
        found = self._those(name, versions)
        for version in found:
            version.destroyed = True
        if self.halts:
            raise Refusal(500, "1 error occurred: failed to delete")
        for version in found:
            version.data = None
        return DONE

    def _those(self, name: str, versions: list[int]) -> list[Version]:
        """Of the versions that are named. Neither they nor the secret need be there."""
        if not versions:
            raise Refusal(400, "no version number provided")
        secret = self.secrets.get(name, Secret())
        return [secret.versions[number] for number in map(int, versions) if number in secret.versions]

    def _described(self, name: str) -> Answer:
        secret = self._secret(name)
        return enveloped(
            {
                "cas_required": secret.cas_required,
                "current_version": secret.latest,
                "max_versions": secret.max_versions,
                "oldest_version": min(secret.versions, default=0),
                "versions": {str(number): metadata(number, version) for number, version in secret.versions.items()},
            }
        )

    def _secret(self, name: str) -> Secret:
        if name not in self.secrets:
            raise Refusal(404)
        return self.secrets[name]


def metadata(number: int, version: Version) -> Json:
    return {
        "created_time": CREATED,
        "deletion_time": CREATED if version.deleted else "",
        "destroyed": version.destroyed,
        "version": number,
        "custom_metadata": None,
    }
