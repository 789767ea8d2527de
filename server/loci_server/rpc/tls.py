"""TLS of the listener: certificate, key and client authorities are read again while it serves.

Files are replaced by renaming, by symbolic links (as Kubernetes does) or in place. What does not fit together is left
alone until it does; connections that are open are not touched. New ones are shown what was read last.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import grpc

from loci_server.crypto.certificates import (
    CertificateFiles,
    ServerCertificate,
    days_left,
    read_certificate,
)
from loci_server.files import FileError

PAUSE: Final = 2.0
"""Seconds between two looks at the files."""
_log = logging.getLogger(__name__)


class ReloadedCertificate:
    """The certificate of one listener. `changed` is told whether all is well with it, first and when that changes."""

    def __init__(self, files: CertificateFiles, changed: Callable[[bool], None]) -> None:
        """Raises FileError: a server does not start with files that do not fit."""
        self._files = files
        self._changed = changed
        self._served = read_certificate(files)
        self._configuration = self._given = configuration_of(self._served)
        self._seen: str | None = None
        self.trouble: str | None = None
        """Why what stands in the files now is not served; None: it is."""
        self._well = self.seconds_left > 0
        changed(self._well)

    @property
    def seconds_left(self) -> float:
        """Until the certificate that is served ends; below 0 afterwards."""
        return days_left(self._served.not_after) * 86_400

    def credentials(self) -> grpc.ServerCredentials:
        """For one port."""
        ask = self._files.client_ca is not None
        return grpc.dynamic_ssl_server_credentials(self._configuration, self._fetch, require_client_authentication=ask)

    async def run(self) -> None:
        """Looks at the files until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            await self.look()

    async def look(self) -> None:
        """Serves what stands in the files now, if it fits together."""
        try:
            found = await asyncio.to_thread(read_certificate, self._files)
        except FileError as error:
            self._refuse(str(error))
        else:
            self._take(found)
        well = self.trouble is None and self.seconds_left > 0
        if well != self._well:
            self._well = well
            self._changed(well)

    def _take(self, found: ServerCertificate) -> None:
        self._seen = self.trouble = None
        if found != self._served:
            self._served = found
            self._configuration = configuration_of(found)
            _log.info("the certificate was read anew; it ends in %.1f days", days_left(found.not_after))

    def _refuse(self, trouble: str) -> None:
        """Said when it is found a second time: before that somebody may be about to write the other file."""
        if trouble == self._seen and trouble != self.trouble:
            self.trouble = trouble
            _log.warning("the certificate of before is served on: %s", trouble)
        self._seen = trouble

    def _fetch(self) -> grpc.ServerCertificateConfiguration | None:
        """What a handshake is to use from now on; None: the same as before. Called by threads of gRPC."""
        current = self._configuration
        if current is self._given:
            return None
        self._given = current
        return current


def configuration_of(found: ServerCertificate) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(found.key, found.chain)], found.client_ca)
