// Bundles the tests (Node 20 reads no TypeScript) and runs them with Node's own runner.

import { readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const out = new URL("node_modules/.docscope-tests/", here).pathname;
const tests = readdirSync(new URL("test/", here)).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((name) => new URL(`test/${name}`, here).pathname),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => `${out}${name.replace(/\.ts$/, ".mjs")}`);
process.exit(spawnSync(process.execPath, ["--test", "--enable-source-maps", ...files], { stdio: "inherit" }).status ?? 1);
