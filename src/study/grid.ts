import { messageOf, theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { type Configuration, SETTINGS, type SettingName } from "../experiment/settings.js";
import { checkNames } from "../settings/check.js";
import type { Setting } from "../settings/setting.js";

/** Settings that are lists of names, of which a grid would be a list of lists. */
type ListName = {
  [Name in SettingName]: NonNullable<Configuration[Name]> extends readonly string[] ? Name : never;
}[SettingName];

/** Values to try of some settings. The algorithm may also be `central`: pooled k-means, the twin of a run. */
export type Grid = {
  readonly [Name in Exclude<
    SettingName,
    "algorithm" | "randomState" | ListName
  >]?: readonly Configuration[Name][];
} & {
  readonly algorithm?: readonly (Configuration["algorithm"] | "central")[];
};

/** A value of a setting in a grid. */
export type CellKey = string | number | boolean | null;

/** One combination of the grid's values. */
export interface Cell {
  /** What distinguishes it, by the grid's names. */
  keys: Record<string, CellKey>;
  central: boolean;
  /** null where the combination cannot be run. */
  configuration: Configuration | null;
  error: string | null;
}

/** Settings of a study that are not those of a run: no directory is written, no exact silhouette computed. */
export const STUDY_DEFAULTS: Partial<Configuration> = { maxSilhouetteSamples: 0 };

/**
 * Every combination of the grid's values, the last name varying fastest.
 *
 * @param base settings that all of them share
 * @throws UsageError if a name is no setting, or has no values. A combination that does not fit together is
 *   a cell with an error.
 */
export function cellsOf(base: Partial<Configuration>, grid: Grid): Cell[] {
  checkNames(SETTINGS, grid, (name) => `unknown setting ${name} in the grid`);
  let combinations: Record<string, CellKey>[] = [{}];
  for (const [name, values] of Object.entries(grid) as [SettingName, readonly CellKey[] | undefined][]) {
    if (name === "randomState") {
      throw new UsageError(`${theSetting("randomState")} is no part of a grid: say how many seeds instead`);
    }
    const setting: Setting = SETTINGS[name];
    if (setting.type === "names") {
      throw new UsageError(`${theSetting(name)} is a list of names, and no part of a grid`);
    }
    if (!Array.isArray(values) || values.length === 0) {
      throw new UsageError(`the grid's values of ${theSetting(name)} must be a list of at least one`);
    }
    if (new Set(values).size < values.length) {
      throw new UsageError(`the grid names a value of ${theSetting(name)} twice`);
    }
    combinations = combinations.flatMap((keys) => values.map((value) => ({ ...keys, [name]: value })));
  }
  return combinations.map((keys) => cellOf(base, keys));
}

function cellOf(base: Partial<Configuration>, keys: Record<string, CellKey>): Cell {
  const isCentral = keys.algorithm === "central";
  // Of pooled rows the algorithm is none of the federation's; the settings must fit together all the same.
  const isPrivate = (keys.privacy ?? base.privacy) === "dp";
  const stand = isPrivate ? "dp-lloyd" : "fkm";
  const given: Record<string, CellKey> = isCentral ? { ...keys, algorithm: stand } : keys;
  try {
    const configuration = configure({ ...STUDY_DEFAULTS, ...base, ...given } as Partial<Configuration>);
    return { keys, central: isCentral, configuration, error: null };
  } catch (error) {
    return { keys, central: isCentral, configuration: null, error: messageOf(error) };
  }
}
