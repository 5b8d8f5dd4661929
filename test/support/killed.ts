import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

/** What changes files or forces them to the disk. */
const CHANGES = [
  "mkdirSync",
  "openSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "linkSync",
  "renameSync",
  "rmSync",
];

/**
 * Does something in another process that is killed before its nth change of the file system; `step()` counts as one.
 *
 * @param prepare what goes before, uncounted
 * @param act statements, which may wait
 * @returns whether it was killed, else it came to its end; and what it had written until then
 */
export function killed(nth: number, prepare: string, act: string): { isKilled: boolean; stdout: string } {
  const program = `
const fs = require("node:fs");
${prepare}
let left = ${nth};
const step = () => {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
};
for (const name of ${JSON.stringify(CHANGES)}) {
  const real = fs[name];
  fs[name] = (...args) => {
    step();
    return real(...args);
  };
}
void (async () => { ${act} })();`;
  const { signal, status, stderr, stdout } = spawnSync(process.execPath, ["-e", program], {
    encoding: "utf8",
  });
  if (signal === null) assert.equal(status, 0, stderr);
  return { isKilled: signal !== null, stdout };
}
