import { nameSettingsInFile } from "../errors.js";
import { SCHEMA_VERSION } from "./layout.js";

/** The text of a JSON file of an experiment directory: the version first, then its own fields. */
export function jsonText(fields: object): string {
  return `${nameSettingsInFile(JSON.stringify({ schema_version: SCHEMA_VERSION, ...fields }, null, 2))}\n`;
}
