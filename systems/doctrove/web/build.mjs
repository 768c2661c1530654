// Bundles the page into the server's package. Names carry a hash of their content, so that a browser may keep a file for
// ever and still sees a new release at once.

import { readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const out = new URL("../doctrove/docscope/static/", here);
const fresh = new URL("node_modules/.docscope/", here);

await rm(fresh, { recursive: true, force: true });
await mkdir(new URL("assets/", fresh), { recursive: true });
const { metafile } = await build({
  entryPoints: { main: new URL("src/main.ts", here).pathname, style: new URL("src/main.css", here).pathname },
  outdir: new URL("assets/", fresh).pathname,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const built = (extension) => {
  const path = Object.keys(metafile.outputs).find((name) => name.endsWith(extension) && metafile.outputs[name].entryPoint);
  return `assets/${path.split("/").at(-1)}`;
};
const icon = readFileSync(new URL("src/icon.svg", here));
const iconName = `assets/icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
await writeFile(new URL(iconName, fresh), icon);
const page = (await readFile(new URL("src/index.html", here), "utf8"))
  .replace('"main.css"', `"${built(".css")}"`)
  .replace('"main.js"', `"${built(".js")}"`)
  .replace('"assets/icon.svg"', `"${iconName}"`);
await writeFile(new URL("index.html", fresh), page);
for (const path of Object.keys(metafile.outputs).filter((name) => /\.(js|css)$/.test(name))) {
  const name = `assets/${path.split("/").at(-1)}`;
  await writeFile(new URL(`${name}.gz`, fresh), gzipSync(readFileSync(new URL(name, fresh)), { level: 9 }));
}
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
