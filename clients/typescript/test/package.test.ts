import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

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

const PAGE = `
import { connect, NodeNotFound } from "@loci/client/web";
import { SearchMode } from "@loci/client/v1";
const loci = connect({ baseUrl: "https://loci.example.com", token: async () => "t" });
try {
  const { hits } = await loci.search("a", "cello", { mode: SearchMode.HYBRID, signal: AbortSignal.timeout(100) });
  console.log(hits[0]?.score.toFixed(2));
} catch (error) {
  console.log(error instanceof NodeNotFound ? error.resource : error);
}
`;

test("a bundler takes the client for browsers as it is, and leaves that for Node out", async () => {
  const { metafile, warnings } = await build({
    stdin: { contents: PAGE, resolveDir: ROOT },
    bundle: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  assert.deepEqual(warnings, []);
  const packages = Object.keys(metafile.inputs).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  assert.deepEqual([...new Set(packages)].filter(Boolean).sort(), [
    "@bufbuild/protobuf",
    "@connectrpc/connect",
    "@connectrpc/connect-web",
  ]);
});

test("the types of the client for browsers need none of Node", () => {
  const folder = join(ROOT, "build", "page");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "page.ts"), PAGE);
  const compilerOptions = { target: "ES2022", lib: ["ES2023", "DOM", "DOM.Iterable"], types: [], strict: true };
  for (const [module, moduleResolution] of [
    ["ESNext", "Bundler"],
    ["NodeNext", "NodeNext"],
  ]) {
    const config = {
      compilerOptions: { ...compilerOptions, module, moduleResolution, noEmit: true },
      files: ["page.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder],
      {
        encoding: "utf8",
      },
    );
    assert.equal(stdout, "");
    assert.equal(status, 0);
  }
});

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
