"""The identity map as its file has it: read again while the server runs, and never replaced by one that is wrong."""

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path
from typing import Final

from loci_server.files import FileError, content
from loci_server.identity.mapping import IdentityMap, read_map

PAUSE: Final = 2.0
"""Seconds between two looks at the file."""
_log = logging.getLogger(__name__)


class MapFile:
    """`current` is the map that counts: another object whenever the file has changed."""

    def __init__(self, path: Path, issuers: Collection[str]) -> None:
        """Raises FileError: a server does not start with a map that is wrong."""
        self._path = path
        self._issuers = issuers
        self._raw = content(path)
        self.current: IdentityMap = read_map(self._raw, path, issuers)
        self._seen: str | None = None
        self.trouble: str | None = None
        """Why the map before counts still; None: what stands in the file counts."""

    async def run(self) -> None:
        """Looks at the file until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            await self.look()

    async def look(self) -> None:
        """Takes what stands in the file now, if it is a map."""
        try:
            raw = await asyncio.to_thread(content, self._path)
            if raw != self._raw:
                self.current = await asyncio.to_thread(read_map, raw, self._path, self._issuers)
                self._raw = raw
                _log.info("the identity map was read anew; it has %d rules", len(self.current.rules))
            self._seen = self.trouble = None
        except FileError as error:
            self._refuse(str(error))

    def _refuse(self, trouble: str) -> None:
        """Said when it is found a second time: before that somebody may be about to write the file."""
        if trouble == self._seen and trouble != self.trouble:
            self.trouble = trouble
            _log.error("the identity map of before counts still: %s", trouble)
        self._seen = trouble
