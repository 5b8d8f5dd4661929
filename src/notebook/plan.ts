import { nameSettingsInProgram } from "../errors.js";
import { planRun, type RunPlan } from "../experiment/plan.js";
import { inCell } from "./output/in-cell.js";
import { type RunSettings, withData } from "./run.js";

/**
 * Says what a run under differential privacy would ask, how much noise its answers would have, and whether anything could
 * be learned: by public figures alone. No row is read, nothing is asked, spent or written.
 *
 * @param settings as of `run`, with `privacy: "dp"`
 * @throws UsageError for a wrong setting, and for another `privacy`; RunError if there are no partitions
 * @example await fk.display(await fk.plan({ data, kGlobal: 3, privacy: "dp", epsilon: 1, bounds, declaredRows: 340 }));
 */
export function plan(settings: RunSettings): Promise<RunPlan> {
  return inCell(async () => {
    const { notices, ...planned } = await planRun(withData(settings));
    return { ...planned, notices: nameSettingsInProgram(notices) };
  });
}
