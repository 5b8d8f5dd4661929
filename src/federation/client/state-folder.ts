import type { Partition } from "../../data/partitions/partition.js";
import { RunError, theSetting, UsageError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { Groups } from "../../privacy/groups.js";
import { type Policy, protectsLess } from "../../privacy/policy.js";
import { rowsAt, rowsOfGroups } from "../../privacy/rows-of-groups.js";
import { forgetBefore, type GroupSettings, pointsAt, type StoredState } from "../../privacy/stored-groups.js";
import { type AskedOfGroups, type GroupsChange, updateGroups } from "../../privacy/update-groups.js";
import { checkMode } from "./budget/modes.js";
import { type ClientPoints, merged, withColumns } from "./points.js";
import { type ClientState, type KnownRun, readState, stateFileIn } from "./state-file.js";
import { replaceState, whileLocked } from "./state-lock.js";
import { isMergedFor, provenInRun, refusalOfProven } from "./state-proven.js";
import { rowsForState } from "./state-rows.js";

/** Runs whose points are kept: the last that began. */
const MOST_RUNS = 100;

/** Characters of what tells a run from others, at most: it may come from a server. */
const LONGEST_RUN = 200;

/** A client's points for a run. */
export interface RunPoints extends ClientPoints {
  /** Names of their columns; null where the rows came without names. */
  readonly columns: readonly string[] | null;
  /** Where the rows had their labels when the state was made; null where they had none, or in a column without a name. */
  readonly labelColumn: string | null;
  /** Least number of rows behind each. */
  readonly groupSize: number;
}

/** The rows that a run's points stand for. */
interface RowsOfRun {
  /** (n, d) of the grouping columns. */
  readonly rows: Matrix;
  /** Numbers, rising, of the client's rows that are not among them. */
  readonly leftOut: readonly number[];
}

/** Rows, and which of them are in which group. */
interface GroupsInRows extends GroupSettings {
  /** (n, d) of the grouping columns. */
  readonly rows: Matrix;
  readonly groups: Groups;
  /** (d,) what is stated of standard deviations. */
  readonly spreads: Float64Array | null;
  /** How many of the rows were in groups that were retired. */
  readonly retired: number;
}

/** What a run that begins comes to. */
interface Begun {
  readonly dealing: readonly number[];
  readonly change: GroupsChange;
  readonly groupSize: number;
  /** Why it may not; null where it may. */
  readonly refuse: (() => RunError) | null;
}

/** A run has not begun at the client, or is forgotten. */
export class UnknownRunError extends RunError {}

/** What the owner of the rows asks of the groups, and a server of a run's. */
export interface AskedOfRun extends AskedOfGroups {
  /** Least number of rows behind the points of this run: stored groups of fewer are merged for it alone. */
  readonly runGroupSize?: number;
  /** Whether its owner lets a run begin from whose points rare rows could be proven. Default: false. */
  readonly allowProven?: boolean;
}

/**
 * What a client remembers of its rows from run to run: which groups they are in. What rests on a change of it is
 * returned only once the change is on the disk. Processes may share a folder; one changes it at a time.
 */
export class StateFolder {
  readonly path: string;

  /** @param path of a folder that has a state */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * The groups as they are.
   *
   * @throws RunError as `openState`
   */
  groups(): StoredState {
    return this.#read().groups;
  }

  /**
   * What the client's rows, as they are now, would change.
   *
   * @throws RunError if they have not the grouping columns; else as `updateGroups`
   */
  changeBy(partition: Partition, asked: AskedOfGroups = {}): GroupsChange {
    const state = this.#read();
    return updateGroups(state.groups, rowsForState(state, partition), asked);
  }

  /**
   * The groups that a run which began now would have, by the client's rows as they are: nothing is stored.
   *
   * @returns rows in no group wait, or are of groups that were retired
   * @throws as `changeBy`
   */
  groupsIn(partition: Partition): GroupsInRows {
    const state = this.#read();
    const data = rowsForState(state, partition);
    const { state: next } = updateGroups(state.groups, data, {});
    const groups = rowsOfGroups(next, data.hashes);
    return {
      rows: data.rows,
      groups,
      spreads: pointsAt(next, next.version).spreads,
      retired: data.rows.nRows - groups.rows.length - next.waiting.length,
      ...next.settings,
    };
  }

  /**
   * Looks for the groups among the client's rows as they are now, and stores what changes.
   *
   * @param partition all rows of the client
   * @throws RunError as `changeBy`, where another process changes the state for long, or if it cannot be written
   */
  update(partition: Partition, asked: AskedOfGroups = {}): Promise<GroupsChange> {
    return this.#change((state) => {
      const { dealing, ...data } = rowsForState(state, partition);
      const change = updateGroups(state.groups, data, asked);
      return { state: { ...state, dealing, groups: change.state }, result: change };
    });
  }

  /**
   * The points of a run that begins: of the client's rows as they are now, stored groups first. From then on they are
   * the run's, whatever else changes. A run that has begun has them already, and no row is looked at.
   *
   * @param run what tells it from all others
   * @param load reads all rows of the client
   * @throws as `update`; UsageError where rows have been used with noise, and RunError where rare rows could be proven
   *   from the points: nothing is stored then
   */
  async beginRun(
    run: string,
    load: () => Promise<Partition> | Partition,
    asked: AskedOfRun = {},
  ): Promise<RunPoints> {
    if (run === "" || run.length > LONGEST_RUN) {
      throw new RunError(`a run is told from others by 1 to ${LONGEST_RUN} characters, found ${run.length}`);
    }
    if (!hasRun(this.#read(), run)) {
      const partition = await load();
      const refuse = await this.#change<Begun["refuse"]>((state) => {
        if (hasRun(state, run)) return { state, result: null };
        const { dealing, change, groupSize, refuse } = this.#begun(state, partition, asked);
        if (refuse !== null) return { state, result: refuse };
        const { state: groups } = change;
        const runs = [...state.runs, { run, version: groups.version, groupSize }].slice(-MOST_RUNS);
        return { state: { ...state, dealing, groups, runs }, result: null };
      });
      // To find the columns takes some seconds, for which nobody should wait for the state.
      if (refuse !== null) throw refuse();
    }
    return this.pointsOf(run);
  }

  /**
   * What a run would change that began now: nothing is stored.
   *
   * @throws as `beginRun`
   */
  wouldBegin(partition: Partition, asked: AskedOfRun = {}): GroupsChange {
    const { change, refuse } = this.#begun(this.#read(), partition, asked);
    if (refuse !== null) throw refuse();
    return change;
  }

  #begun(
    state: ClientState,
    partition: Partition,
    { runGroupSize = 1, allowProven = false, ...asked }: AskedOfRun,
  ): Begun {
    checkMode(this.path, "groups");
    const { dealing, ...data } = rowsForState(state, partition);
    const change = updateGroups(state.groups, data, asked);
    const groupSize = Math.max(runGroupSize, change.state.settings.groupSize);
    const proven = allowProven ? null : provenInRun(change.state, data, groupSize);
    const of = { rows: data.rows, hasBegun: state.runs.length > 0 };
    const refuse = proven === null ? null : () => refusalOfProven(this.path, proven, change.state, of);
    return { dealing, change, groupSize, refuse };
  }

  /**
   * The rows that the points of a run stand for, of the client's rows as they are now: those of groups that were retired
   * since are not known any more.
   *
   * @throws as `pointsOf`; RunError if the rows have not the grouping columns
   */
  rowsOf(run: string, partition: Partition): RowsOfRun {
    const { state, known } = this.#readRun(run);
    const { rows, hashes } = rowsForState(state, partition);
    const held = rowsAt(state.groups, known.version, hashes);
    const { nColumns: d } = rows;
    const data = new Float64Array(held.length * d);
    for (const [i, row] of held.entries()) data.set(rows.data.subarray(row * d, (row + 1) * d), i * d);
    const isHeld = new Set(held);
    return {
      rows: { data, nRows: held.length, nColumns: d },
      leftOut: [...hashes.keys()].filter((row) => !isHeld.has(row)),
    };
  }

  /**
   * Refuses a policy that protects less than the one under which these rows have been used.
   *
   * @throws UsageError naming what is less
   */
  checkPolicy({ mode, groupSize }: Pick<Policy, "mode" | "groupSize">): void {
    checkMode(this.path, mode);
    const { groups, runs } = this.#read();
    const least = groups.settings.groupSize;
    if (runs.length === 0 || !protectsLess({ mode, groupSize }, { mode: "groups", groupSize: least })) return;
    const found =
      mode === "groups" ? `${theSetting("groupSize")} ${groupSize}` : `${theSetting("privacy")} ${mode}`;
    throw new UsageError(
      `${found} protects rows less than ${theSetting("groupSize")} ${least}, under which they have been used: ${this.path}`,
    );
  }

  /**
   * The points of a run that has begun.
   *
   * @param columns those of the grouping columns that the run is about; null: all
   * @throws UnknownRunError if it has not, or too many have since; UsageError for a column that is none of them
   */
  pointsOf(run: string, columns: readonly string[] | null = null): RunPoints {
    const { state, known } = this.#readRun(run);
    const { columns: names, labelColumn, settings } = state.groups;
    const stored = pointsAt(state.groups, known.version);
    const { groupSize } = known;
    const points = isMergedFor(stored, groupSize)
      ? merged(stored, { groupSize, groupScale: settings.groupScale })
      : stored;
    const all = { ...points, columns: names, labelColumn, groupSize };
    return columns === null ? all : withNamed(all, columns);
  }

  #readRun(run: string): { state: ClientState; known: KnownRun } {
    const state = this.#read();
    const known = state.runs.find((one) => one.run === run);
    if (known !== undefined) return { state, known };
    throw new UnknownRunError(
      `${this.path}: no points of the run ${JSON.stringify(run)}: it has not begun here`,
    );
  }

  #read(): ClientState {
    const state = readState(this.path);
    if (state === null) {
      throw new RunError(
        `${stateFileIn(this.path)}: no such file: make a state first, with fedkmeans groups DATA ${theSetting("stateDir")} ${this.path}`,
      );
    }
    return state;
  }

  #change<T>(step: (state: ClientState) => { state: ClientState; result: T }): Promise<T> {
    return whileLocked(this.path, () => {
      const before = this.#read();
      const { state, result } = step(before);
      const oldest = Math.min(state.groups.version, ...state.runs.map(({ version }) => version));
      if (state !== before) replaceState(this.path, { ...state, groups: forgetBefore(state.groups, oldest) });
      return result;
    });
  }
}

/**
 * Opens the state of a client.
 *
 * @throws RunError where there is none, or none that can be used
 */
export function openState(folder: string): StateFolder {
  const state = new StateFolder(folder);
  state.groups();
  return state;
}

function hasRun({ runs }: ClientState, run: string): boolean {
  return runs.some((one) => one.run === run);
}

function withNamed(all: RunPoints, columns: readonly string[]): RunPoints {
  const places = columns.map((name) => all.columns?.indexOf(name) ?? -1);
  const stranger = columns.find((_, i) => places[i] < 0);
  if (stranger !== undefined) {
    const known = all.columns === null ? "columns without names" : all.columns.join(", ");
    throw new UsageError(
      `${theSetting("columns")} must be among those the rows are grouped by (${known}), found ${stranger}`,
    );
  }
  return { ...all, ...withColumns(all, places), columns };
}
