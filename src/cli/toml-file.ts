import { parse, TomlError } from "smol-toml";
import { messageOf, UsageError } from "../errors.js";
import { readRegularText } from "../files/regular-file.js";

/**
 * Reads a TOML file.
 *
 * @throws UsageError naming the file, and the line of what is no TOML
 */
export function readToml(path: string): Record<string, unknown> {
  try {
    return parse(readRegularText(path));
  } catch (error) {
    if (error instanceof TomlError) {
      const [reason] = error.message.split("\n");
      throw new UsageError(`${path}, line ${error.line}: ${reason.replace("Invalid TOML document: ", "")}`);
    }
    throw new UsageError(`cannot read the configuration file ${path}: ${messageOf(error)}`);
  }
}

/** Whether a value of such a file is a table. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
