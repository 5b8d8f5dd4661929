import { theSetting, UsageError } from "../../../errors.js";
import { plural } from "../../../printable.js";
import type { PrivacyMode } from "../../../privacy/policy.js";
import { readState } from "../state-file.js";
import { readBudget } from "./budget-file.js";

/**
 * Refuses a mode that protects rows less than noise, once answers with noise have left of them.
 *
 * @param folder a client's state
 * @throws UsageError naming the mode
 */
export function checkMode(folder: string, mode: PrivacyMode): void {
  if (mode === "dp" || (readBudget(folder)?.runs ?? []).length === 0) return;
  const setting = theSetting("privacy");
  throw new UsageError(
    `${setting} ${mode} protects rows less than ${setting} dp, under which they have been used: ${folder}`,
  );
}

/**
 * What no noise protects any more, for whoever holds the rows.
 *
 * @param folder a client's state
 * @returns null where nothing has left before
 */
export function sentBefore(folder: string): string | null {
  const runs = readState(folder)?.runs.length ?? 0;
  if (runs === 0) return null;
  const setting = theSetting("privacy");
  return `points of its rows have been used in ${plural(runs, "run")} under ${setting} groups: ${setting} dp protects only what was not sent then`;
}
