import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { findPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { RunError } from "#src/errors.js";
import { configure } from "#src/experiment/configuration.js";
import { messageHeader, messageOf, refusalOf } from "#src/federation/carriers/flower/envelope.js";
import { readFrames, writeFrame } from "#src/federation/carriers/flower/frames.js";
import { type Client, LocalClient } from "#src/federation/client/client.js";
import { pointsText } from "#src/federation/client/points-file.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { PYTHON } from "./python.js";
import { stateOf } from "./state.js";
import { temporaryFolder } from "./temporary.js";

/** One party of the penguins, as TypeScript and as a program of its own answer from the same points of its state. */
export interface Party {
  readonly local: LocalClient;
  /** Where `groups --points` has written its points. */
  readonly file: string;
}

const RUN = "run";

/** The three islands, each with a state of its own and a run that has begun. */
export async function penguinParties(context: TestContext): Promise<Party[]> {
  const settings = configure({ data: "data/penguins", labelColumn: "species" });
  const { refs } = await findPartitions(settings.data, settings);
  const load = createPartitionLoader();
  const parties: Party[] = [];
  for (const ref of refs) {
    const folder = temporaryFolder(context);
    const partition = await load(ref);
    const state = await stateOf(join(folder, "state"), partition);
    const points = await state.beginRun(RUN, () => partition);
    const { labelColumn } = state.groups();
    const identity = { name: ref.client, featureNames: points.columns, labelColumn };
    const file = join(folder, "points.json");
    writeFileSync(file, pointsText(points, { run: RUN, labelColumn, sharesLabels: true }));
    parties.push({ local: new LocalClient(identity, points, groupsPolicy(points.groupSize)), file });
  }
  return parties;
}

const SERVE = `
import json, sys
sys.path[:0] = ["flower", "flower/examples"]
from fedkmeans_flower.frames import read_frame, write_frame
from numpy_answers import Party, Refusal, answer
party = Party(sys.argv[1], json.load(open(sys.argv[2])))
while (frame := read_frame(sys.stdin.buffer)) is not None:
    header, arrays = frame
    try:
        message, scalars, arrays = answer(header["message"], header["scalars"], arrays, party)
    except Refusal as refusal:
        message, scalars, arrays = {"refusal": str(refusal)}, {}, {}
    write_frame(sys.stdout.buffer, {"message": message, "scalars": scalars}, arrays)
`;

/** The party of the Flower app's examples, which answers in NumPy: over a pipe, without Flower. */
export function numpyClient(context: TestContext, { local: { name }, file }: Party): Client {
  const program = spawn(PYTHON, ["-c", SERVE, name, file], { stdio: ["pipe", "pipe", "inherit"] });
  const frames = readFrames(program.stdout);
  context.after(async () => {
    program.stdin.end();
    if (program.exitCode === null) await once(program, "exit");
  });
  return {
    name,
    async answer(request) {
      await writeFrame(program.stdin, messageHeader(request), request.arrays);
      const { value: frame } = await frames.next();
      if (!frame) throw new Error("the party in Python has ended");
      const refusal = refusalOf(frame);
      if (refusal !== null) throw new RunError(refusal);
      return messageOf(frame);
    },
  };
}
