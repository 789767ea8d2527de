import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";

import { guard, isLoopback, urlOf, webUrl } from "../src/address.js";
import { Credential } from "../src/credential.js";
import { addressOf, credentialOf, pem } from "../src/environment.js";
import { InvalidArgument } from "../src/errors/index.js";
import { connect } from "../src/index.js";
import { connect as connectWeb } from "../src/web.js";

const KEY = "loci_very-secret";

test("an address is a host and a port", () => {
  assert.equal(urlOf("127.0.0.1:50051", false).origin, "http://127.0.0.1:50051");
  assert.equal(urlOf("loci.example.com:443", true).origin, "https://loci.example.com");
  assert.equal(urlOf("[::1]:50051", false).origin, "http://[::1]:50051");
  assert.equal(urlOf("dns:///loci:50051", false).host, "loci:50051");
  const bad = [
    "http://x:1",
    "x",
    "x:1/y",
    "a@x:1",
    "unix:/tmp/s",
    "::1:50051",
    "",
    "x:y",
    "x:1?z",
    "x y:1",
    "x:99999",
    "x:0",
    ":1",
    " x:1",
  ];
  for (const address of bad) {
    assert.throws(() => urlOf(address, false), InvalidArgument, address);
  }
});

test("this machine is a loopback address, nothing else", () => {
  const local = (address: string) => isLoopback(urlOf(address, false).hostname);
  for (const address of [
    "127.0.0.1:1",
    "127.1.2.3:1",
    "localhost:1",
    "LOCALHOST:1",
    "[::1]:1",
    "[0:0:0:0:0:0:0:1]:1",
  ]) {
    assert.ok(local(address), address);
  }
  for (const address of [
    "10.0.0.1:1",
    "localhost.example.com:1",
    "127.example.com:1",
    "0.0.0.0:1",
    "[::2]:1",
    "example.com:1",
  ]) {
    assert.ok(!local(address), address);
  }
});

test("a key goes to another machine over TLS only, unless that was said", () => {
  const credential = new Credential(KEY);
  assert.throws(() => guard(urlOf("example.com:1", false), credential, false), InvalidArgument);
  guard(urlOf("example.com:1", false), credential, true);
  guard(urlOf("example.com:1", true), credential, false);
  guard(urlOf("127.0.0.1:1", false), credential, false);
  guard(urlOf("example.com:1", false), new Credential(undefined), false);
});

test("the key is in no error and in no form of the client", () => {
  try {
    connect({ address: "example.com:50051", apiKey: KEY });
    assert.fail("it was let go");
  } catch (error) {
    assert.ok(error instanceof InvalidArgument);
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(KEY));
  }
  for (const client of [connect({ apiKey: KEY }), connectWeb({ baseUrl: "http://localhost:1", apiKey: KEY })]) {
    const forms = [String(client), JSON.stringify(client), inspect(client, { depth: 20, showHidden: true })];
    assert.ok(forms.every((form) => !form.includes(KEY)));
    client.close();
  }
  assert.throws(
    () => new Credential(`${KEY}\n`),
    (error: Error) => !error.message.includes(KEY),
  );
});

test("what a header cannot carry is refused, as are a key and a token", () => {
  for (const value of ["", "a b", "ä", "a\nb"]) {
    assert.throws(() => new Credential(value), InvalidArgument);
  }
  assert.throws(() => new Credential("a", "b"), InvalidArgument);
});

test("the environment says where and who", () => {
  const folder = mkdtempSync(join(tmpdir(), "loci-"));
  try {
    const file = join(folder, "key");
    writeFileSync(file, "from-file\n");
    assert.equal(addressOf({}), "127.0.0.1:50051");
    assert.equal(addressOf({ LOCI_ADDRESS: "x:1" }), "x:1");
    assert.deepEqual(credentialOf({}), {});
    assert.deepEqual(credentialOf({ LOCI_API_KEY: "a", LOCI_API_KEY_FILE: file }), { apiKey: "a" });
    assert.deepEqual(credentialOf({ LOCI_API_KEY_FILE: file }), { apiKey: "from-file" });
    const { token } = credentialOf({ LOCI_TOKEN_FILE: file });
    assert.ok(typeof token === "function");
    writeFileSync(file, "renewed");
    assert.equal(token(), "renewed");
    assert.equal(pem(file), "renewed");
    assert.equal(pem("-----BEGIN CERTIFICATE-----"), "-----BEGIN CERTIFICATE-----");
    const empty = join(folder, "empty");
    writeFileSync(empty, "\n");
    for (const path of [empty, join(folder, "none")]) {
      assert.throws(
        () => credentialOf({ LOCI_API_KEY_FILE: path }),
        (error: Error) =>
          error instanceof InvalidArgument && error.message.startsWith(`LOCI_API_KEY_FILE: the file ${path} `),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a function gives tokens, and a refused call is worth another try with another one", async () => {
  const { LociTransport } = await import("../src/transport.js");
  let token = "one";
  const credential = new Credential(undefined, async () => token);
  assert.equal(await credential.present(), "Bearer one");
  const transport = new LociTransport(undefined as never, { credential });
  const { Unauthenticated, NotFound } = await import("../src/errors/index.js");
  assert.equal(await transport.isRenewed(new Unauthenticated("x"), "Bearer one"), false);
  token = "two";
  assert.equal(await transport.isRenewed(new Unauthenticated("x"), "Bearer one"), true);
  assert.equal(await transport.isRenewed(new NotFound("x"), "Bearer one"), false);
});

test("a client certificate needs its key", () => {
  assert.throws(() => connect({ tls: { certificate: "-----BEGIN CERTIFICATE-----" } }), InvalidArgument);
});

test("a browser's client wants a URL", () => {
  assert.equal(webUrl("https://loci.example.com/api").href, "https://loci.example.com/api");
  for (const url of ["loci.example.com", "ftp://x", "https://u:p@x", "https://x?y", ""]) {
    assert.throws(() => webUrl(url), InvalidArgument, url);
  }
  assert.throws(() => connectWeb({ baseUrl: "http://example.com", apiKey: KEY }), InvalidArgument);
});
