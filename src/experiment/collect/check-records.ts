import { existsSync } from "node:fs";
import type { ClientFolder } from "../../directory/client-folder.js";
import type { LoggedClient } from "../../directory/clients.js";
import { type Layout, layoutOf } from "../../directory/layout.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import { type LoggedExperiment, readExperiment } from "../../directory/read-experiment.js";
import { readLedger } from "../../directory/read-ledger.js";
import { readLocalFacts } from "../../directory/read-local.js";
import { readPoints } from "../../directory/read-points.js";
import { RunError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";

/** Of an inertia, relative to itself: a client may add up in another order. */
const ROUNDING = 1e-9;

/** What a server recorded, by which records of its clients are checked. */
export interface ServerRecords extends LoggedExperiment {
  readonly layout: Layout;
}

/** @throws as `readExperiment` */
export function readServerRecords(directory: string): ServerRecords {
  const read = readExperiment(directory);
  return { ...read, layout: layoutOf(directory, read.summary.clients) };
}

/**
 * Checks what a client recorded of a run against what its server did: the arrays' shapes, the numbers of points and of
 * rows behind them, the inertia that the client told, and a line of the ledger for each round that it took part in.
 *
 * @throws RunError naming the file, what was expected and what was found
 */
export function checkRecords(records: ClientFolder, client: LoggedClient, server: ServerRecords): void {
  const { layout } = records;
  const { name } = client;
  const nColumns = server.rounds[0].means.nColumns;
  const paths = { points: layout.clientPoints(name), weights: layout.clientWeights(name) };
  if (existsSync(paths.points) || existsSync(paths.weights)) {
    const { points, weights } = readPoints(layout, name, nColumns);
    expectCount(paths.points, "points", points.nRows, client.n_points);
    expectCount(
      paths.weights,
      "rows in all",
      weights.reduce((sum, weight) => sum + weight, 0),
      client.n_samples,
    );
    const least = client.privacy?.group_size ?? 1;
    const fewer = weights.find((weight) => weight < least);
    if (fewer !== undefined) {
      throw new RunError(
        `${paths.weights}: ${least} rows or more behind each point expected, found ${fewer}`,
      );
    }
    checkInertia(paths.points, points, weights, client, server);
  }
  const nRows = checkRows(layout.clientData(name), client, server);
  checkLabels(layout.clientLabels(name), nRows, client, server);
  checkLedger(layout.clientLedger(name), name, server);
}

/**
 * Of groups there may be fewer rows than were in them when the run began: some may be gone, and their groups retired.
 *
 * @returns number of rows; null where they are not recorded
 */
function checkRows(path: string, client: LoggedClient, server: ServerRecords): number | null {
  if (!existsSync(path)) return null;
  const rows = readMatrix(path, null, "", server.rounds[0].means.nColumns);
  if (client.privacy?.group_size === 1) {
    expectCount(path, "rows", rows.nRows, client.n_samples);
    checkInertia(path, rows, null, client, server);
  }
  expectAtMost(path, rows.nRows, client);
  return rows.nRows;
}

function checkLabels(
  path: string,
  nRows: number | null,
  client: LoggedClient,
  { rounds }: ServerRecords,
): void {
  if (!existsSync(path)) return;
  const k = rounds.at(-1)!.means.nRows;
  const labels = readVector(path, null);
  const wrong = labels.find((label) => !Number.isInteger(label) || label < -1 || label >= k);
  if (wrong !== undefined) throw new RunError(`${path}: clusters of 0 to ${k - 1} expected, found ${wrong}`);
  expectAtMost(path, labels.filter((label) => label >= 0).length, client);
  // Of rows that were left out there is a label, which is -1: there may be any number of these.
  if (nRows !== null && labels.length < nRows) {
    throw new RunError(`${path}: labels of ${nRows} rows expected, found ${labels.length}`);
  }
}

/** That of the means before the last round in which the client took part and in which what it told is recorded. */
function checkInertia(
  path: string,
  points: Matrix,
  weights: Float64Array | null,
  { name }: LoggedClient,
  { rounds, layout }: ServerRecords,
): void {
  const last = rounds.findLast(
    ({ round, clients, hasLocals }) => round > 0 && hasLocals && clients.includes(name),
  );
  if (last === undefined || points.nRows === 0) return;
  const { inertia: told, before } = readLocalFacts(layout, last, name);
  // A client of fewer rows than its threshold tells none.
  if (told === null || (told === 0 && before?.withheld.length === before?.counts.length)) return;
  const { means } = rounds[last.round - 1];
  const assignment = openAssignment(points.data, points.nColumns, means.nRows, weights);
  assignment.assign(means.data, true);
  const found = assignment.inertia();
  assignment.close();
  if (Math.abs(found - told) <= ROUNDING * Math.max(told, found)) return;
  throw new RunError(
    `${path}: not what the client computed from: it told the server an inertia of ${told} in round ${last.round}, ` +
      `these have ${found}`,
  );
}

function checkLedger(path: string, client: string, { rounds }: ServerRecords): void {
  if (!existsSync(path)) return;
  let answered = 0;
  for (const { request, reply } of readLedger(path)) {
    if (request === "clustering/update" && reply !== null) answered += 1;
  }
  const expected = rounds.filter(({ round, clients }) => round > 0 && clients.includes(client)).length;
  if (answered >= expected) return;
  throw new RunError(`${path}: answers in ${expected} rounds expected, found ${answered}`);
}

/** A client of fewer rows than a group takes has told the server of none, and may record them all the same. */
function expectAtMost(path: string, found: number, { n_samples, privacy }: LoggedClient): void {
  if (n_samples === null) return;
  const most = n_samples === 0 ? (privacy?.group_size ?? 1) - 1 : n_samples;
  if (found <= most) return;
  throw new RunError(
    `${path}: ${most} rows or fewer in clusters expected, as the client told the server, found ${found}`,
  );
}

function expectCount(path: string, what: string, found: number, expected: number | null): void {
  if (expected === null || found === expected) return;
  throw new RunError(`${path}: ${expected} ${what} expected, as the client told the server, found ${found}`);
}
