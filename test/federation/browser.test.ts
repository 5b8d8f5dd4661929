import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";
import { build } from "esbuild";
import type { ServerOptions } from "#src/federation/server-options.js";
import { findChromium, pageAfterScripts } from "../support/chromium.js";
import { DEFAULTS } from "../support/federation.js";
import { runSmallFederations } from "../support/small-federation.js";
import { temporaryFolder } from "../support/temporary.js";

const KERNELS = join(process.cwd(), "dist", "numerics", "kernels", "memory", "kernels.wasm");
/** Such that every phase takes place. */
const OPTIONS: ServerOptions = {
  ...DEFAULTS,
  k: 8,
  kLocal: 8,
  maxIterations: 6,
  privacyThreshold: 2,
  normalize: true,
  pcaComponents: 3,
  randomState: 7,
  minClients: 4,
};
const ENTRY = join(__dirname, "..", "support", "small-federation.js");

/** Server, workflow and clients in memory as one script, which sets `federations`; the kernels are handed in. */
async function bundle(): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "iife",
    globalName: "federations",
    logLevel: "silent",
  });
  assert.deepEqual(
    Object.values(metafile.outputs).flatMap(({ imports }) => imports),
    [],
  );
  assert.doesNotMatch(outputFiles[0].text, /["']node:|\brequire\(["']/);
  return outputFiles[0].text;
}

test("a federation in memory runs where there is no host but JavaScript, to the same bits", async () => {
  const script = await bundle();
  // What any browser has, and nothing else.
  const context = vm.createContext({ AbortController, performance, setTimeout, clearTimeout });
  vm.runInContext(script, context);
  context.kernels = readFileSync(KERNELS);
  const found = await vm.runInContext(
    `federations.loadKernels(kernels); federations.runSmallFederations(${JSON.stringify(OPTIONS)})`,
    context,
  );
  assert.equal(found, await runSmallFederations(OPTIONS));
});

const chromium = findChromium();

test("so it does in Chromium", { skip: chromium === null && "no Chromium on this machine" }, async (t) => {
  const folder = temporaryFolder(t);
  const page = join(folder, "page.html");
  const kernels = readFileSync(KERNELS).toString("base64");
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><pre></pre>
<script>${(await bundle()).replaceAll("</script", "<\\/script")}</script>
<script>
  const show = (text) => { document.querySelector("pre").textContent = text; };
  federations.loadKernels(Uint8Array.from(atob("${kernels}"), (letter) => letter.charCodeAt(0)));
  federations.runSmallFederations(${JSON.stringify(OPTIONS)}).then(show, (error) => show(String(error.stack)));
</script>`,
  );
  const found = await pageAfterScripts(chromium!, page, join(folder, "profile"));
  assert.equal(/<pre>(.*?)<\/pre>/s.exec(found)?.[1], await runSmallFederations(OPTIONS));
});
