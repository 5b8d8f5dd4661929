import { printable } from "../printable.js";
import { type ConfigurationFile, readConfigurationFile } from "./configuration-file.js";

/** How many keys that were passed over are named. */
const MOST_NAMED = 10;

/**
 * Reads the file of the option `--config`, and says on standard error which keys of a Flower app it passed over.
 *
 * @param path undefined if the option was not given: nothing is set
 * @throws UsageError as `readConfigurationFile`
 */
export function readConfigOption(path: string | undefined): ConfigurationFile {
  if (path === undefined) return { settings: {}, video: undefined, passedOver: [] };
  const file = readConfigurationFile(path, process.env);
  const { passedOver } = file;
  if (passedOver.length > 0) {
    const more = passedOver.length - MOST_NAMED;
    const names = passedOver.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
    process.stderr.write(
      `${printable(`note: ${path}: passed over what is no setting of a run: ${names}`)}\n`,
    );
  }
  return file;
}
