import { Command, Option } from "commander";
import type { Dataset } from "../data/generators/dataset.js";
import { writeDataset } from "../data/generators/dataset-write.js";
import { BLOBS_DEFAULTS, generateBlobs, validateBlobsOptions } from "../data/generators/generate-blobs.js";
import { generatePaper, PAPER_DEFAULTS, validatePaperOptions } from "../data/generators/generate-paper.js";
import { UsageError } from "../errors.js";
import { tellFolder } from "./leftovers.js";

/** Option, help, and the schemes that have it. */
const OPTIONS: readonly (readonly [flag: string, help: string])[] = [
  ["--num-clients", "clients"],
  ["--samples-per-client", "rows of each client"],
  ["--num-features", "features"],
  ["--num-clusters", "clusters"],
  ["--cluster-std", "standard deviation of a cluster"],
  ["--non-iid-factor", "0: every client has the same mixture of clusters; 1: as different as it gets"],
  ["--overlap-factor", "0: well separated; 1: heavily overlapping"],
  ["--density-variation", "0: equal clusters; 1: very unequal"],
  ["--points-per-cluster", "points of each of the 16 clusters"],
  ["--noise", "standard deviation of a cluster"],
  ["--beta", "reach of a client: it takes a point with probability 1 - exp(-beta/distance)"],
  ["--random-state", "seed"],
];

const SCHEMES = {
  blobs: { defaults: { ...BLOBS_DEFAULTS } as Record<string, number>, make: makeBlobs },
  paper: { defaults: { ...PAPER_DEFAULTS } as Record<string, number>, make: makePaper },
};

export function generateCommand(): Command {
  const command = new Command("generate")
    .description(
      "Generate a federation's data: client_<i>.npz (X, y), cluster_centers.npy and metadata.json.",
    )
    .addOption(
      new Option(
        "--scheme <NAME>",
        "blobs: Gaussian clusters; paper: the synthetic data of Garst & Reinders 2024",
      )
        .choices(Object.keys(SCHEMES))
        .default("blobs"),
    );
  for (const [flag, help] of OPTIONS) {
    const name = new Option(flag).attributeName();
    const defaults = Object.entries(SCHEMES).flatMap(([scheme, { defaults }]) =>
      name in defaults ? [[scheme, defaults[name]] as const] : [],
    );
    const shared = defaults.length === 2 && defaults[0][1] === defaults[1][1];
    const fallback = shared
      ? `default: ${defaults[0][1]}`
      : defaults.map(([s, value]) => `${s}: ${value}`).join(", ");
    command.addOption(
      new Option(`${flag} <N>`, `${help} (${fallback})`).argParser((text) => toNumber(flag, text)),
    );
  }
  return command
    .option("--output-dir <DIR>", "folder to write to", "./data")
    .action(
      async (options: Record<string, unknown> & { scheme: keyof typeof SCHEMES; outputDir: string }) => {
        const { defaults, make } = SCHEMES[options.scheme];
        for (const [flag] of OPTIONS) {
          const name = new Option(flag).attributeName();
          if (options[name] !== undefined && !(name in defaults)) {
            throw new UsageError(`${flag} is no option of the scheme ${options.scheme}`);
          }
        }
        const values = Object.fromEntries(
          Object.entries(defaults).map(([name, fallback]) => [
            name,
            (options[name] as number | undefined) ?? fallback,
          ]),
        );
        const dataset = make(values);
        tellFolder(options.outputDir);
        await writeDataset(dataset, options.outputDir, { scheme: options.scheme, options: values });
        const rows = dataset.clients.map((client) => client.rows.nRows);
        const [least, most] = [Math.min(...rows), Math.max(...rows)];
        process.stdout.write(
          `${dataset.clients.length} clients with ${least === most ? least : `${least} to ${most}`} rows of ` +
            `${dataset.centers.nColumns} features in ${dataset.centers.nRows} clusters: ${options.outputDir}\n`,
        );
      },
    );
}

function makeBlobs(values: Record<string, number>): Dataset {
  const options = values as unknown as typeof BLOBS_DEFAULTS;
  validateBlobsOptions(options);
  return generateBlobs(options);
}

function makePaper(values: Record<string, number>): Dataset {
  const options = values as unknown as typeof PAPER_DEFAULTS;
  validatePaperOptions(options);
  return generatePaper(options);
}

function toNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new UsageError(`${flag} must be a number, found "${text}"`);
  return value;
}
