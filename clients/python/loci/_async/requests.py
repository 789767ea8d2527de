"""Calls by their messages, for what the methods of the client do not say: the same deadline, retries and errors."""

from collections.abc import AsyncIterator

from google.protobuf.message import Message

from loci.methods import answered_by, completed, items_of

from .transport import Calls


class Requests(Calls):
    """Any unary method of the contract, named as in `NodeService/GetNode`."""

    async def call(self, method: str, request: Message, *, timeout: float | None = None) -> Message:
        """The answer of the method. A request that has a `request_id` and none in it gets one, which is that of all
        tries. Raises ValueError for a method that there is not, or that is no unary one, and TypeError for a request
        of another one."""
        described = answered_by(method, request)
        return await self._transport.unary(method, completed(request), described.response, timeout)

    async def items(self, method: str, request: Message, *, timeout: float | None = None) -> AsyncIterator[Message]:
        """What a method lists, over all pages; `timeout` is for each page. Raises as `call`, and ValueError for a
        method without pages."""
        described = answered_by(method, request)
        field = items_of(described)
        async for page in self._transport.pages(method, completed(request), described.response, timeout):
            for item in getattr(page, field):
                yield item
