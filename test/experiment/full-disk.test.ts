import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeDataset } from "#src/data/generators/dataset-write.js";
import { generateBlobs } from "#src/data/generators/generate-blobs.js";
import { resume, run } from "#src/experiment/run.js";
import { filesOf, generatedFolder, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** Lets nothing more be written from the nth time on; returns what ends that. */
function fillDisk(context: TestContext, nth: number): () => void {
  let left = nth;
  const real = fs.writeFileSync;
  const mocked = context.mock.method(fs, "writeFileSync", (...args: Parameters<typeof real>) => {
    // As the system says it of a file that is open, whose name it does not know.
    if (left-- <= 0)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    return real(...args);
  });
  return () => mocked.mock.restore();
}

test("when the disk is full the error names the file, and with room again the run resumes", async (context) => {
  const data = await generatedFolder(context);
  const settings = { data, carrier: "inline", maxIterations: 2 } as const;
  const whole = await run({ ...settings, logDir: temporaryFolder(context) });
  const expected = promisedBytes(whole.experimentDir);
  let resumed = 0;
  for (const nth of [0, 1, 2, 5, 9, 14, 30]) {
    const logDir = join(temporaryFolder(context), "logs");
    const free = fillDisk(context, nth);
    await assert.rejects(
      run({ ...settings, logDir }),
      (error: Error) => {
        assert.equal(error.name, "RunError");
        assert.ok(error.message.includes(logDir), error.message);
        // Of a client that cannot keep its rows, in brackets, as the reason why it takes no part.
        assert.match(error.message, /cannot write .*: no space left on the device \(ENOSPC\)\)?$/);
        return true;
      },
      `from write ${nth} on`,
    );
    free();
    // Nothing of a directory that could not be made.
    if (filesOf(logDir).length === 0) continue;
    const directory = onlyDirectory(logDir);
    await resume(directory, { carrier: "inline" });
    assert.deepEqual(promisedBytes(directory), expected);
    resumed += 1;
  }
  assert.ok(resumed >= 5, String(resumed));
});

test("when the disk is full a generation names the file, and what was there stays", async (context) => {
  const folder = await generatedFolder(context);
  const before = filesOf(folder);
  const options = { numClients: 3, samplesPerClient: 50 };
  const free = fillDisk(context, 2);
  await assert.rejects(
    writeDataset(generateBlobs(options), folder, { scheme: "blobs", options }),
    /^RunError: cannot write .*client_2\.npz: no space left on the device \(ENOSPC\)$/,
  );
  free();
  assert.deepEqual(filesOf(folder), before);
});
