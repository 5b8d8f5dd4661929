import { meanAgreement } from "./agreement.js";
import { type ClientCache, runTrial, type Trial, type TrialTask } from "./trial.js";

/** One unit of work of a study: some trials of one configuration that differ in their seeds. */
export interface Task extends TrialTask {
  /** Seeds, each in place of the configuration's own. */
  readonly seeds: readonly number[];
  /** Also compare the clusterings of all seeds with one another. */
  readonly agreement: boolean;
}

export interface TaskResult {
  /** One a seed, in order. */
  trials: Trial[];
  /** Mean adjusted Rand index over all pairs of seeds; null where it was not asked for. */
  agreement: number | null;
}

/** Does one task; depends on nothing but the task and the files it names. */
export async function doTask(task: Task, cache: ClientCache): Promise<TaskResult> {
  const outcomes = [];
  for (const randomState of task.seeds) {
    const configuration = { ...task.configuration, randomState };
    const outcome = await runTrial({ ...task, configuration }, cache);
    outcomes.push(outcome);
  }
  return {
    trials: outcomes.map(({ trial }) => trial),
    agreement: task.agreement && outcomes.length > 1 ? meanAgreement(outcomes[0].clients, outcomes) : null,
  };
}
