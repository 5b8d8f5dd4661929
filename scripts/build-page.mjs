import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./setup.mjs";

/* Bundles what a page of `visualize --output run.html` runs, and its style, into viz/dist/page. */

const source = join(ROOT, "viz", "src", "page", "browser");

await build({
  entryPoints: [join(source, "app.ts"), join(source, "app.css")],
  outdir: join(ROOT, "viz", "dist", "page"),
  bundle: true,
  minify: true,
  platform: "browser",
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  tsconfigRaw: {},
  logLevel: "warning",
});
