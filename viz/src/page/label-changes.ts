import type { LabelsOf } from "../read/labels.js";
import { byteReader, byteWriter } from "./bytes.js";

/*
 * Labels of points over rounds: those of the first round, then of each round what differs from the round before, as from
 * some round on few points change. A difference is the exclusive or of both labels, so that it is undone as it is done.
 */

/** How many points each client has; null where they stayed with it. */
type Points = readonly (number | null)[];

/** Writes the labels of all clients' points in all rounds. */
export function packLabels(points: Points, nRounds: number, labelsOf: LabelsOf): Uint8Array {
  const writer = byteWriter();
  // Round by round, as it is dear to find labels of another round.
  const before: Uint16Array[] = points.map((n) => new Uint16Array(n ?? 0));
  for (let round = 0; round < nRounds; round++) {
    for (const [client, n] of points.entries()) {
      if (n === null) continue;
      const labels = labelsOf(client, round)!;
      const changed = [...labels.keys()].filter((i) => labels[i] !== before[client][i]);
      writer.varint(changed.length);
      let last = -1;
      for (const i of changed) {
        writer.varint(i - last - 1);
        writer.varint(labels[i] ^ before[client][i]);
        last = i;
      }
      before[client] = labels;
    }
  }
  return writer.bytes();
}

/** Labels that were written, found by going from the round that was asked for last. */
export function unpackLabels(points: Points, nRounds: number, packed: Uint8Array): LabelsOf {
  const starts = startsOf(points, nRounds, packed);
  const reader = byteReader(packed);
  const current = points.map((n) => ({ round: -1, labels: new Uint16Array(n ?? 0) }));

  function change(client: number, round: number): void {
    const { labels } = current[client];
    reader.position = starts[client][round];
    let at = -1;
    for (let left = reader.varint(); left > 0; left--) {
      at += reader.varint() + 1;
      labels[at] ^= reader.varint();
    }
  }

  return (client, round) => {
    const own = current[client];
    if (points[client] === null) return null;
    while (own.round < round) change(client, ++own.round);
    while (own.round > round) change(client, own.round--);
    // The labels of one round must not become those of another in the hands of who asked.
    return own.labels.slice();
  };
}

/** Where the changes of each client in each round start. */
function startsOf(points: Points, nRounds: number, packed: Uint8Array): number[][] {
  const reader = byteReader(packed);
  const starts: number[][] = points.map(() => []);
  for (let round = 0; round < nRounds; round++) {
    for (const [client, n] of points.entries()) {
      if (n === null) continue;
      starts[client].push(reader.position);
      for (let left = 2 * reader.varint(); left > 0; left--) reader.varint();
    }
  }
  return starts;
}
