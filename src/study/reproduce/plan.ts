import { configure } from "../../experiment/configuration.js";
import type { Configuration } from "../../experiment/settings.js";
import { PUBLISHED_ROUNDS, type PublishedCell } from "./published.js";
import type { ReproducedRun } from "./reproduction.js";
import type { StudyData } from "./study-data.js";

const K = 16;

/** One algorithm on one cell. */
export interface Plan {
  algorithm: ReproducedRun["algorithm"];
  configuration: Configuration;
  central: boolean;
  scoreRounds: readonly number[];
  /** How long it takes beside the others. */
  cost: number;
}

/** The four algorithms on one cell; the settings of the published study where it has them. */
export function configurationsOf(
  cell: PublishedCell,
  data: StudyData,
  kFedLocal: number,
  privacyThreshold: number,
): Plan[] {
  const shared = {
    data: data.folderOf(cell),
    kGlobal: K,
    normalize: false,
    maxSilhouetteSamples: 0,
    // Of rows, as published.
    privacy: "threshold",
  } as const;
  const lastRound = PUBLISHED_ROUNDS[PUBLISHED_ROUNDS.length - 1];
  const asPublished = configure({
    ...shared,
    asPublished: true,
    privacyThreshold: 1,
    maxIterations: lastRound - 1,
  });
  const plan = { central: false, scoreRounds: [] };
  const size = cell.pointsPerCluster / 50;
  return [
    {
      ...plan,
      algorithm: "fkm",
      // The study runs all its rounds: another draw may move means that have stood still.
      configuration: { ...asPublished, tolerance: -1 },
      scoreRounds: PUBLISHED_ROUNDS.map((round) => round - 1),
      cost: 10 + size,
    },
    { ...plan, algorithm: "central", central: true, configuration: configure(shared), cost: 2 * size },
    {
      ...plan,
      algorithm: "k-fed",
      configuration: configure({ ...shared, algorithm: "k-fed", kLocal: kFedLocal }),
      cost: size,
    },
    {
      ...plan,
      algorithm: "best-lloyd",
      configuration: configure({ ...shared, algorithm: "best-lloyd", privacyThreshold }),
      cost: 2 * size,
    },
  ];
}
