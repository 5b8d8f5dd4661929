import { nameSettingsInProgram, theSetting, UsageError } from "../errors.js";
import { dataSettings } from "../experiment/data-settings.js";
import type { Configuration } from "../experiment/settings.js";
import { checkNames } from "../settings/check.js";
import { type ChooseKOptions, chooseK as chooseKCore } from "../study/choose-k.js";
import type { Grid as CoreGrid } from "../study/grid.js";
import type { KChoice } from "../study/k-choice.js";
import { type ReproduceOptions, reproduce as reproduceStudy } from "../study/reproduce/reproduce.js";
import type { Reproduction } from "../study/reproduce/reproduction.js";
import { type SweepOptions, sweep as sweepGrid } from "../study/sweep.js";
import type { SweepResult } from "../study/sweep-result.js";
import type { FederatedData } from "./data.js";
import { inCell } from "./output/in-cell.js";
import { withProgress } from "./output/progress.js";
import { checkSettings, type RunSettings, withData } from "./run.js";

// Deno's kernel does not check types: an option that is misspelt would be passed over.
const STUDY_OPTIONS = { seeds: 0, output: 0, threads: 0, signal: 0, onProgress: 0 } as const;
const SWEEP_OPTIONS: Readonly<Record<keyof SweepOptions, 0>> = { ...STUDY_OPTIONS, scoreRounds: 0, plot: 0 };
const REPRODUCE_OPTIONS: Readonly<Record<keyof ReproduceOptions, 0>> = {
  ...STUDY_OPTIONS,
  ...{ reference: 0, cells: 0, privacyThreshold: 0 },
};
const CHOICE_OPTIONS: Readonly<Record<keyof ChooseKOptions, 0>> = { ...STUDY_OPTIONS, kValues: 0 };

/** Values to try of some settings. `data` may be what `load` or `generate` returned. */
export type Grid = Omit<CoreGrid, "data"> & { readonly data?: readonly (string | FederatedData)[] };

/**
 * Runs every combination of the grid's values with every seed, in memory and on worker threads. The result is the
 * same for any number of threads. A combination that cannot be run is reported, not thrown. `display` shows the
 * summary and a plot.
 *
 * @param settings shared by all runs; `data` here or in the grid
 * @param grid values to try, by setting; `algorithm` may also be "central", which pools the rows
 * @throws UsageError for a wrong option or setting; RunError if the cell is interrupted; the signal's reason if it
 *   is aborted. With an `output` folder the same call goes on from there.
 * @example const study = await fk.sweep({ data, kGlobal: 3 }, { algorithm: ["fkm", "central"] }, { seeds: 20 });
 */
export function sweep(
  settings: Partial<RunSettings>,
  grid: Grid = {},
  options: SweepOptions = {},
): Promise<SweepResult> {
  return inCell(async (signal) => {
    checkSettings(settings);
    checkNames(SWEEP_OPTIONS, options, (name) => `unknown option ${name} of sweep`);
    const { data, ...shared } = settings;
    const known = data === undefined ? shared : withData({ ...shared, data });
    const given = withGridData(known, grid);
    return nameSettingsInProgram(
      await withRuns(options, (hooks) => sweepGrid(...given, { ...hooks, signal }, (name) => name)),
    );
  }, options.signal);
}

/**
 * Runs a federation for each number of clusters and each seed, and says how many clusters the rows speak for: where
 * the inertia bends, where the simplified silhouette is highest, and how many clusters the seeds still agree on.
 * Each can mislead alone, so `display` shows them all, with a verdict in words.
 *
 * @param settings as of `run`; `data` at least
 * @throws UsageError for a wrong option or setting; RunError if a run fails or the cell is interrupted; the signal's
 *   reason if it is aborted
 * @example const choice = await fk.chooseK({ data }, { kValues: [2, 3, 4, 5], seeds: 10 });
 */
export function chooseK(settings: RunSettings, options: ChooseKOptions = {}): Promise<KChoice> {
  return inCell(async (signal) => {
    checkNames(CHOICE_OPTIONS, options, (name) => `unknown option ${name} of chooseK`);
    const known = withData(settings);
    return nameSettingsInProgram(
      await withRuns(options, (hooks) => chooseKCore(known, { ...hooks, signal })),
    );
  }, options.signal);
}

/**
 * Runs the study of Garst & Reinders (2024) again, and compares. The whole of it takes a while; `cells` and `seeds`
 * make it smaller, and with an `output` folder the same call goes on where it stopped.
 *
 * @throws UsageError for a wrong option, and if the reference is not there; RunError if a run fails or the cell is
 *   interrupted
 */
export function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  return inCell((signal) => {
    checkNames(REPRODUCE_OPTIONS, options, (name) => `unknown option ${name} of reproduce`);
    return withRuns(options, (hooks) => reproduceStudy({ ...hooks, signal }));
  }, options.signal);
}

/** Shows how many of a study's runs are done, and tells whom the options name, too. */
function withRuns<Options extends Pick<SweepOptions, "onProgress">, Result>(
  options: Options,
  study: (options: Options) => Promise<Result>,
): Promise<Result> {
  return withProgress("runs", (show) =>
    study({
      ...options,
      onProgress(done: number, total: number) {
        show(done, total);
        options.onProgress?.(done, total);
      },
    }),
  );
}

/** Replaces loaded data in the grid by their paths; how they are read becomes a setting that all runs share. */
function withGridData(
  settings: Partial<Configuration>,
  grid: Grid,
): [settings: Partial<Configuration>, grid: CoreGrid] {
  const { data, ...others } = grid;
  if (data === undefined) return [settings, others];
  if (!Array.isArray(data)) throw new UsageError("the grid's data must be a list");
  const columns = (data as readonly (string | FederatedData)[])
    .filter((one) => typeof one === "object")
    .map(dataSettings);
  if (new Set(columns.map((one) => JSON.stringify(one))).size > 1) {
    throw new UsageError(
      "the grid's data must all be read in the same way: with the same columns and options",
    );
  }
  const paths: string[] = data.flatMap((one: string | FederatedData) =>
    typeof one === "string" ? one : (one.path ?? []),
  );
  if (paths.length < data.length) {
    throw new UsageError(
      `the grid's ${theSetting("data")} must be in files; rows in memory can be the data of all runs`,
    );
  }
  // `data` keeps its place among the grid's names, because their order is the order of the runs.
  return [
    { ...columns[0], ...settings },
    { ...grid, data: paths },
  ];
}
