import { existsSync } from "node:fs";
import { readPlainFile } from "../../directory/json-object.js";
import { layoutOf } from "../../directory/layout.js";
import { readSummary } from "../../directory/read-summary.js";
import { directoryOf, type ExperimentLike } from "../../experiment/open.js";

/** One row of `messages`. */
export interface MessageRow {
  client: string;
  phase: "handshake" | "normalization" | "PCA" | "clustering" | "evaluation";
  /** The kind of message, e.g. "clustering/local_means". */
  message: string;
  /** How many of the kind it sent. */
  times: number;
  /** What is in one, by name, with the shape where it is an array: that of the first. */
  contents: string;
  /** Numbers (and texts) that left in all messages of the kind. */
  values: number;
}

/** What left each client, by phase and kind of message, from the log that the client itself keeps. */
export function messages(experiment: ExperimentLike): MessageRow[] {
  const directory = directoryOf(experiment);
  const { clients } = readSummary(directory);
  const layout = layoutOf(directory, clients);
  return clients.flatMap(({ name }) => {
    const path = layout.clientLog(name);
    if (!existsSync(path)) return [];
    const kinds = new Map<string, MessageRow>();
    for (const line of readPlainFile(path, MAX_LOG_BYTES).toString("utf8").split("\n")) {
      const [, kind, contents] = / sent ([^:]+): (.*)$/.exec(line) ?? [];
      if (kind === undefined) continue;
      const row = kinds.get(kind) ?? {
        client: name,
        phase: PHASES[kind.split("/")[0]],
        message: kind,
        times: 0,
        contents,
        values: 0,
      };
      row.times += 1;
      row.values += countValues(contents);
      kinds.set(kind, row);
    }
    return [...kinds.values()];
  });
}

/** What a text may have. */
const MAX_LOG_BYTES = 2 ** 28;

const PHASES: Readonly<Record<string, MessageRow["phase"]>> = {
  handshake: "handshake",
  normalization: "normalization",
  pca: "PCA",
  clustering: "clustering",
  evaluation: "evaluation",
};

/** Of "inertia, values (3, 2), counts (3)": 1 + 6 + 3. */
function countValues(contents: string): number {
  const shapes = [...contents.matchAll(/ \(([\d, ]*)\)/g)].map(([, shape]) => shape);
  const scalars = contents
    .replaceAll(/[^,]* \([\d, ]*\)/g, "")
    .split(",")
    .filter((name) => name.trim() !== "");
  const sizes = shapes.map((shape) => shape.split(",").reduce((product, size) => product * Number(size), 1));
  return scalars.length + sizes.reduce((sum, size) => sum + size, 0);
}
