import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SETTING_NAMES } from "#src/experiment/settings.js";
import { findTslab } from "#src/jupyter/find-tslab.js";
import { installKernelspec, makeKernelspec } from "#src/jupyter/kernelspec.js";
import { skipWithoutKernel } from "../support/jupyter.js";
import { START_KERNEL } from "../support/kernel-session.js";
import { runPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

/** In each, | is the cursor. */
const INSPECTED = ["fk.run|", 'await fk.run({ data: "x", |', "await fk.run({ kGlobal|: 3 })", "Math.max(|"];
const COMPLETED = ['await fk.load("da|', 'fk.load("data/|")', 'await fk.run({ algorithm: "|', "fk.wat|"];

const ASK = `${START_KERNEL}
inspected, completed = json.load(sys.stdin)
def at(code): return code.replace("|", ""), code.index("|")
try:
    client.execute('import * as fk from "fedkmeans";', reply=True, timeout=100)
    print(json.dumps([
        [client.inspect(*at(code), reply=True, timeout=100)["content"]["data"].get("text/plain") for code in inspected],
        [client.complete(*at(code), reply=True, timeout=100)["content"] for code in completed],
        client.history(hist_access_type="tail", n=10, reply=True, timeout=100)["content"],
    ]))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;

interface Completion {
  matches: string[];
  cursor_start: number;
  cursor_end: number;
}

test("tslab: what Shift+Tab and Tab say", { skip: skipWithoutKernel("tslab") }, async (t) => {
  const folder = temporaryFolder(t);
  installKernelspec(join(folder, "jupyter"), "k", makeKernelspec("tslab", findTslab()!));
  mkdirSync(join(folder, "data", "sites"), { recursive: true });
  for (const name of ["rows.csv", ".hidden"]) writeFileSync(join(folder, "data", name), "");
  const [helps, completions, history] = JSON.parse(
    runPython(ASK, [join(folder, "jupyter"), folder], JSON.stringify([INSPECTED, COMPLETED])),
  ) as [string[], Completion[], object];
  const [onName, inCall, onSetting, foreign] = helps;

  await t.test("a function's type, its description, each tag by its name, and its settings", () => {
    assert.match(onName, /^function run\(settings: RunSettings, hooks\?: RunHooks\): Promise<RunResult>\n\n/);
    for (const tag of [
      "@param settings `data`",
      "@returns",
      "@throws UsageError",
      "@example\n  const result",
    ])
      assert.ok(onName.includes(`\n${tag}`), `${tag} in ${onName}`);
    // One without a description would tell nothing.
    for (const name of SETTING_NAMES) assert.match(onName, new RegExp(`^  ${name} +[^ ].{7}`, "m"));
    assert.match(onName, /^ {2}maxIterations +Rounds at most\. Default: 100\.$/m);
  });

  await t.test("the same between the parentheses of a call that is not yet whole", () => {
    const [, described] = onName.split(/\n\n(.*)/s);
    assert.equal(inCall.split(/\n\n(.*)/s)[1], described);
  });

  await t.test("a setting's own description; no settings where there are none", () => {
    assert.match(onSetting, /kGlobal\?: number\n\nNumber of clusters\. Default: 3\./);
    assert.match(foreign, /max\(.*@param values/s);
    assert.doesNotMatch(foreign, /settings/);
  });

  await t.test("who asks for earlier input is told that nothing is kept", () => {
    assert.deepEqual(history, { status: "ok", history: [] });
  });

  await t.test("paths in a string, unless the type has values for it", () => {
    const texts = completions.map(({ matches, cursor_start, cursor_end }) => [
      matches,
      cursor_end - cursor_start,
    ]);
    assert.deepEqual(texts, [
      [["data/"], 2],
      [["rows.csv", "sites/"], 0],
      [["best-lloyd", "dp-lloyd", "fkm", "k-fed", "lloyd"], 0],
      [["watch"], 3],
    ]);
  });
});
