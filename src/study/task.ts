import { messageOf } from "../errors.js";
import { meanAgreement } from "./agreement.js";
import type { ClientCache } from "./client-cache.js";
import { hasAllClusters, runTrial, type Trial, type TrialOutcome, type TrialTask } from "./trial.js";

/** One unit of work of a study: some trials of one configuration that differ in their seeds. */
export interface Task extends TrialTask {
  /** Seeds, each in place of the configuration's own. */
  readonly seeds: readonly number[];
  /** Also compare the clusterings of all seeds with one another. */
  readonly agreement: boolean;
  /** A seed that cannot be run is reported and the others are run; else it fails the task. */
  readonly goesOn: boolean;
}

export interface TaskResult {
  /** One a seed that could be run, in order. */
  trials: Trial[];
  /** Why the other seeds could not be run. */
  failures: { seed: number; error: string }[];
  /**
   * Mean adjusted Rand index over all pairs of seeds that ended with as many clusters as were asked for; null where
   * there are no two, or where it was not asked for.
   */
  agreement: number | null;
  /** What the user who names the data should know of them, one line each. */
  notices: readonly string[];
}

/**
 * Does one task; depends on nothing but the task and the files it names.
 *
 * @throws what the first seed threw, if none could be run, or if the task does not go on
 */
export async function doTask(task: Task, cache: ClientCache): Promise<TaskResult> {
  const outcomes: TrialOutcome[] = [];
  const failures: TaskResult["failures"] = [];
  let first: unknown;
  for (const seed of task.seeds) {
    const configuration = { ...task.configuration, randomState: seed };
    try {
      outcomes.push(await runTrial({ ...task, configuration }, cache));
    } catch (error) {
      if (!task.goesOn) throw error;
      first ??= error;
      failures.push({ seed, error: messageOf(error) });
    }
  }
  if (outcomes.length === 0) throw first;
  const compared = outcomes.filter(({ trial }) => hasAllClusters(trial, task.configuration));
  return {
    trials: outcomes.map(({ trial }) => trial),
    failures,
    notices: (await cache.get(task.configuration)).notices,
    agreement: task.agreement && compared.length > 1 ? meanAgreement(compared[0].clients, compared) : null,
  };
}
