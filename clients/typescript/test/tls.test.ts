import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { connectNodeAdapter } from "@connectrpc/connect-node";

import { connect, type Tls, Unavailable } from "../src/index.js";
import { NodeService } from "../src/v1.js";

const folder = mkdtempSync(join(tmpdir(), "loci-tls-"));
after(() => rmSync(folder, { recursive: true }));

/** A certificate of its own for a name; the paths of it and of its key. */
function certified(name: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const { status, stderr } = spawnSync("openssl", [...made, ...subject, "-out", certificate, "-keyout", key]);
  assert.equal(status, 0, String(stderr));
  return { certificate, key };
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test("over TLS server and client are known by their certificates", {
  skip: hasOpenssl ? false : "no openssl",
}, async (t) => {
  const [server, caller, other] = ["loci.test", "caller.test", "other.test"].map(certified) as [
    ReturnType<typeof certified>,
    ReturnType<typeof certified>,
    ReturnType<typeof certified>,
  ];
  const routes = connectNodeAdapter({
    routes: (router) => router.rpc(NodeService.method.getNode, ({ name }) => ({ node: { name } })),
  });
  const listening = createSecureServer(
    {
      cert: readFileSync(server.certificate),
      key: readFileSync(server.key),
      ca: readFileSync(caller.certificate),
      requestCert: true,
      rejectUnauthorized: true,
    },
    routes,
  );
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  t.after(() => listening.close());
  const address = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const called = async (tls: boolean | Tls) => {
    const client = connect({ address, tls, apiKey: "key" });
    try {
      return (await client.nodes.get("a", "b", { timeoutMs: 2_000 })).name;
    } finally {
      client.close();
    }
  };
  const good = { roots: server.certificate, serverName: "loci.test", ...caller };
  assert.equal(await called(good), "graphs/a/nodes/b");
  const inMemory = { ...good, roots: readFileSync(server.certificate), key: readFileSync(caller.key, "utf8") };
  assert.equal(await called(inMemory), "graphs/a/nodes/b");
  await assert.rejects(called(true), Unavailable);
  await assert.rejects(called({ ...good, roots: other.certificate }), Unavailable);
  await assert.rejects(called({ ...good, serverName: "elsewhere.test" }), Unavailable);
  await assert.rejects(called({ ...good, ...other }), Unavailable);
  await assert.rejects(called({ roots: server.certificate, serverName: "loci.test" }), Unavailable);
});
