import { Command, Option } from "commander";
import { generateInto, SCHEMES, type SchemeName } from "../data/generators/schemes.js";
import { theSetting, UsageError } from "../errors.js";
import { parseSetting } from "../settings/check.js";
import { tellFolder } from "./leftovers.js";
import { optionName } from "./settings-options.js";

interface Options extends Record<string, unknown> {
  scheme: SchemeName;
  outputDir: string;
}

const SCHEME_NAMES = Object.keys(SCHEMES) as SchemeName[];

/** Options of any scheme, the seed last. */
const OPTION_NAMES = [
  ...new Set(SCHEME_NAMES.flatMap((scheme) => Object.keys(SCHEMES[scheme].options))),
].sort((a, b) => Number(a === "randomState") - Number(b === "randomState"));

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
        .choices(SCHEME_NAMES)
        .default("blobs"),
    );
  for (const name of OPTION_NAMES) command.addOption(optionOf(name));
  return command
    .option("--output-dir <DIR>", "folder to write to", "./data")
    .action(async ({ scheme, outputDir, ...options }: Options) => {
      const given = Object.fromEntries(
        OPTION_NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
      );
      const foreign = Object.keys(given).find((name) => !(name in SCHEMES[scheme].options));
      if (foreign !== undefined) {
        throw new UsageError(`${theSetting(foreign)} is no option of the scheme ${scheme}`);
      }
      tellFolder(outputDir);
      const { clients, centers } = await generateInto(outputDir, scheme, given);
      const rows = clients.map((client) => client.rows.nRows);
      const [least, most] = [Math.min(...rows), Math.max(...rows)];
      process.stdout.write(
        `${clients.length} clients with ${least === most ? least : `${least} to ${most}`} rows of ` +
          `${centers.nColumns} features in ${centers.nRows} clusters: ${outputDir}\n`,
      );
    });
}

/** An option of one scheme or of several, which then agree about its range. */
function optionOf(name: string): Option {
  const settings = SCHEME_NAMES.flatMap((scheme) =>
    name in SCHEMES[scheme].options ? [{ scheme, setting: SCHEMES[scheme].options[name] }] : [],
  );
  const [{ setting }] = settings;
  const isShared = settings.length === SCHEME_NAMES.length;
  const fallback = isShared
    ? `default: ${setting.default}`
    : settings.map(({ scheme, setting }) => `${scheme}: ${setting.default}`).join(", ");
  const flag = optionName(name);
  const option = new Option(`${flag} <N>`, `${setting.help} (${fallback})`);
  return option.argParser((text) => parseSetting(setting, text, flag));
}
