"""The part of AdminService that tells who has acted without an API key."""

from loci.v1 import identity_pb2 as pb
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.store.identities import Identities


class IdentityReader:
    """Finds and lists them. Which tenant is meant, and that it may be read, is settled before."""

    def __init__(self, identities: Identities, tokens: PageTokens) -> None:
        self._identities = identities
        self._tokens = tokens

    async def get(self, tenant_key: int, tenant_id: str, number: int) -> pb.GetIdentityResponse:
        return pb.GetIdentityResponse(identity=await self._identities.find(tenant_key, tenant_id, number))

    async def page(
        self, request: pb.ListIdentitiesRequest, tenant_key: int, tenant_id: str
    ) -> pb.ListIdentitiesResponse:
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant_key, request, request.page_token, int) or 0
        rows = await self._identities.page(tenant_key, after, size + 1)
        response = pb.ListIdentitiesResponse(identities=[self._identities.told(tenant_id, row) for row in rows[:size]])
        if len(rows) > size:
            last = str(-rows[size - 1]["actor"]).encode()
            response.next_page_token = self._tokens.encode(tenant_key, request, last)
        return response
