"""TLS of a server with several processes, as it is run."""

from pathlib import Path

from loci import TLS, AsyncClient
from tests.calls import collect
from tests.certificates import Authority, serial, shown_serial
from tests.server import running_server
from tests.waiting import eventually

CONNECTIONS = 24


async def test_every_process_shows_a_renewed_certificate(database_url: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    served = authority.signed("served")
    settings = {"LOCI_TLS_CERTIFICATE": str(served.certificate), "LOCI_TLS_KEY": str(served.key), "LOCI_WORKERS": "2"}
    async with running_server(database_url, **settings) as server:
        tls = TLS(roots=authority.file)
        async with AsyncClient(server.address, api_key=server.operator_key, tls=tls) as client:
            await collect(client.list_tenants())
            port = int(server.address.rpartition(":")[2])
            renewed = authority.signed("renewed")
            renewed.key.replace(served.key)
            renewed.certificate.replace(served.certificate)

            async def all_show_it() -> bool:
                shown = {await shown_serial(port) for _ in range(CONNECTIONS)}
                return shown == {serial(served.certificate)}

            await eventually(all_show_it)
            await collect(client.list_tenants())
        assert "PRIVATE KEY" not in server.log
