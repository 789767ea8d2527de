import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { VERSION } from "../src/index.js";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("the version is that of the package", () => {
  assert.equal(VERSION, JSON.parse(read("package.json")).version);
});

test("the lock file names no download host", () => {
  assert.ok(!read("package-lock.json").includes('"resolved"'));
});

test("v1 holds the whole contract", () => {
  const exported = [...read("src/v1.ts").matchAll(/gen\/loci\/v1\/(\w+)\.js/g)].map((match) => `${match[1]}.ts`);
  assert.deepEqual(exported.sort(), readdirSync(join(ROOT, "src/gen/loci/v1")).sort());
});

test("the client for browsers needs nothing of Node", () => {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) {
      return;
    }
    seen.add(file);
    for (const [, from = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)) {
      if (from.startsWith(".")) {
        follow(resolve(dirname(file), from));
      } else {
        outside.add(from);
      }
    }
  };
  follow(join(ROOT, "dist/web.js"));
  assert.ok(seen.size > 30);
  for (const from of outside) {
    assert.match(from, /^@bufbuild\/protobuf(\/wkt|\/codegenv2)?$|^@connectrpc\/connect(-web|\/protocol)?$/);
  }
  const globals = [...seen].filter((file) => /\b(process|Buffer|require|__dirname)\b/.test(code(file)));
  assert.deepEqual(globals, []);
});

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
