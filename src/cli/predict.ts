import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { npyParts } from "../directory/npy.js";
import { UsageError } from "../errors.js";
import { open } from "../experiment/open.js";
import { type Prediction, predictRows } from "../experiment/predict.js";
import { findFiles, predictionSettings } from "../experiment/prediction-data.js";
import { DATA_SETTINGS } from "../experiment/setting-groups.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { predictionReport } from "../report/prediction-report.js";
import { csvCell } from "../study/csv.js";
import { tellFolder } from "./leftovers.js";
import { addSettings, asOptions, givenSettings } from "./settings-options.js";

const EXAMPLES = `
Examples:
  fedkmeans predict --experiment-dir logs/experiment_20251107_160054 --data new.csv > clusters.csv
  fedkmeans predict --experiment-dir logs/experiment_20251107_160054 --data ward/ --output clusters.npy

Features are found by their names, where the run and the data have names, else by their order. A .npy file holds one
int32 a row, of one client after the other; a .csv file has the columns row (counted from 0) and cluster, and client
where there are several.`;

export function predictCommand(): Command {
  const command = new Command("predict")
    .description("Say which cluster of a run each row of other data is in: the nearest of its final means.")
    .requiredOption("--experiment-dir <DIR>", "the run's experiment directory")
    .option("--output <FILE>", ".csv or .npy; default: as .csv on standard output");
  // Whatever labels there are, no prediction needs them.
  addSettings(command, ["data", ...DATA_SETTINGS.filter((name) => name !== "labelColumn")]);
  return command
    .addHelpText("after", EXAMPLES)
    .action(async ({ experimentDir, output }: { experimentDir: string; output?: string }) => {
      const { data: given, ...settings } = givenSettings(command);
      const data = given as string | undefined;
      if (data === undefined)
        throw new UsageError("--data is missing: name a file of rows, or a folder of such");
      if (output !== undefined) checkOutput(output, data);
      const run = open(experimentDir);
      const { status, rounds } = run;
      if (status !== "completed" && rounds.length > 0) {
        process.stderr.write(`note: the run is ${status}: its means after round ${rounds.length - 1}\n`);
      }
      const prediction = await predictRows(run, await findFiles(data, predictionSettings(run, settings)));
      for (const notice of prediction.notices) process.stderr.write(asOptions(`note: ${notice}\n`));
      if (output === undefined) {
        for (const chunk of csvChunks(prediction)) process.stdout.write(chunk);
        return;
      }
      const { labels } = prediction;
      const parts = /\.npy$/i.test(output)
        ? npyParts({ data: labels, shape: [labels.length] })
        : [...csvChunks(prediction)];
      tellFolder(dirname(output));
      writeFileAtomically(output, ...parts);
      process.stdout.write(`${predictionReport(prediction)}\n${output}\n`);
    });
}

/** @throws UsageError for an output of another kind, or one that would be read as a client's rows */
function checkOutput(output: string, data: string): void {
  if (!/\.(csv|npy)$/i.test(output)) {
    throw new UsageError(`--output must be a .csv or .npy file, found ${JSON.stringify(output)}`);
  }
  const path = resolve(output);
  if (path === resolve(data)) throw new UsageError(`--output ${output} would replace the data`);
  if (dirname(path) === resolve(data)) {
    throw new UsageError(`--output ${output} would be read as a client's rows there; choose another folder`);
  }
}

const ROWS_A_CHUNK = 10_000;

function* csvChunks({ clients }: Prediction): Generator<string> {
  const isOne = clients.length === 1;
  yield isOne ? "row,cluster\n" : "client,row,cluster\n";
  for (const { name, labels } of clients) {
    const before = isOne ? "" : `${csvCell(name)},`;
    for (let from = 0; from < labels.length; from += ROWS_A_CHUNK) {
      const chunk = labels.subarray(from, from + ROWS_A_CHUNK);
      yield Array.from(chunk, (label, i) => `${before}${from + i},${label}\n`).join("");
    }
  }
}
