import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const skip = process.env.LOCI_ADDRESS ? false : "LOCI_ADDRESS names no server";

test("the example of the README runs as it stands, again and again", { skip }, () => {
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  const file = join(ROOT, "build", "readme-example.mjs");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, example);
  for (let run = 0; run < 2; run++) {
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: 60_000 });
    assert.equal(stdout, "Ann plays the cello.\n", stderr);
  }
});
