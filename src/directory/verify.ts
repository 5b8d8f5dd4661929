import { RunError, UsageError } from "../errors.js";
import { shownJson } from "./json-object.js";
import { compareWithManifest, readManifest } from "./manifest.js";
import { readWholeExperiment } from "./read-experiment.js";

/** What `verify` found of a directory that is as it was written. */
export interface Verification {
  /** Tells it from other results. */
  readonly kind: "verification";
  status: string;
  /** Number of whole rounds, the start included. */
  rounds: number;
  /** Recomputed from the logged arrays. */
  runHash: string;
  /**
   * Files that are as the manifest says; null where there is none: of a run that has not ended, or an earlier
   * version's.
   */
  files: number | null;
}

/**
 * Checks an experiment directory: of a completed run, every file against the manifest; of any run, every array of a
 * round against its metadata, and the run hash against the summary's. Tells whether the directory is as it was
 * written, not by whom.
 *
 * @throws UsageError for what is no path; RunError naming the files that are not as they were written, missing, or not of the run
 */
export function verify(directory: string): Verification {
  if (typeof directory !== "string") {
    throw new UsageError(`the path of an experiment directory expected, found ${shownJson(directory)}`);
  }
  const { summary, rounds, torn, hash } = readWholeExperiment(directory);
  const files = summary.status === "completed" ? checkManifest(directory, summary.manifest) : null;
  if (torn !== null) throw new RunError(torn.problem);
  if (summary.status !== "completed") checkUnfinished(directory, summary.status);
  if (rounds.length === 0) throw new RunError(`${directory} holds no whole round (status ${summary.status})`);
  const runHash = hash.digest();
  const [first, last] = [rounds[0].round, rounds.at(-1)!.round];
  const expectedLast = summary.results?.rounds ?? last;
  if (expectedLast !== last) {
    throw new RunError(`${directory}: rounds 0 to ${expectedLast} expected, found ${first} to ${last}`);
  }
  const expectedHash = summary.results?.run_hash ?? runHash;
  if (expectedHash !== runHash) {
    throw new RunError(`${directory}: run hash ${expectedHash} expected, found ${runHash}`);
  }
  return { kind: "verification", status: summary.status, rounds: rounds.length, runHash, files };
}

/** @throws RunError if a run that is said not to have completed has the manifest of one that has */
function checkUnfinished(directory: string, status: string): void {
  if (readManifest(directory) === null) return;
  throw new RunError(
    `${directory}: the summary says ${status}, yet there is a manifest, as of a completed run: ` +
      "the summary was changed, or the run was killed in its last step, in which case resume it",
  );
}

/** @returns number of files that are as they should be; null if there is no manifest, and none was written */
function checkManifest(directory: string, name: string | null): number | null {
  const manifest = readManifest(directory);
  if (manifest === null) {
    if (name === null) return null;
    throw new RunError(`${directory}: ${name}, which lists its files, is missing`);
  }
  const { missing, changed, extra, notPlain } = compareWithManifest(directory, manifest);
  const differences = [
    ...listed("changed", changed),
    ...listed("missing", missing),
    ...listed("not of the run", extra),
    ...listed("no plain file", notPlain),
  ];
  if (differences.length === 0) return manifest.size;
  throw new RunError(`${directory} is not as it was written: ${differences.join("; ")}`);
}

const SHOWN = 5;

function listed(what: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const rest = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : "";
  // A name may hold what a terminal would obey.
  const names = paths.slice(0, SHOWN).map((path) => path.replaceAll(/\p{Cc}/gu, "?"));
  return [`${what}: ${names.join(", ")}${rest}`];
}
