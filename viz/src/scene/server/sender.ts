import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import { groupClients, type Stage } from "../stage/stage.js";
import { clientTitle, othersTitle } from "../text/names.js";
import { countText, plural } from "../text/numbers.js";

/* Who sends to the server, and what there is to say of it. */

/** One client, or all those there is no place for. */
export interface Sender {
  readonly name: string;
  /** How many it is; of more than one, those that took part are in `locals`. */
  readonly nClients: number;
  readonly locals: readonly LocalFacts[];
  /** Rows it holds; null where the directory does not say, or they are nothing that it sends. */
  readonly nSamples: number | null;
  /** Groups that stand for its rows; null where none do, or the directory does not say. */
  readonly nGroups: number | null;
  /** Who took no part, and why. */
  readonly missing: string | null;
  /** Whether it took part, but what it sent cannot be read. */
  readonly isLost: boolean;
}

/** Who has a place: the clients, or, of more than there are places, the same that have a panel. */
export function sendersOf(stage: Stage, round: RoundFacts, places: number): Sender[] {
  return groupsWithin(stage, places).map((group) => senderOf(stage, round, group));
}

/** How many places all have. */
export function countSenders(stage: Stage): number {
  return groupsWithin(stage, Infinity).length;
}

/** The clients shown, and, as the last, all there is no place for and all that are not shown. */
function groupsWithin({ experiment, shown }: Stage, places: number): number[][] {
  const hidden = [...experiment.clients.keys()].filter((client) => !shown.includes(client));
  if (experiment.clients.length === 0) return [];
  if (hidden.length === 0) return groupClients(experiment, shown, places);
  const groups = groupClients(experiment, shown, places - 1);
  const last = groups.at(-1)!.length > 1 ? groups.pop()! : [];
  return [...groups, [...last, ...hidden]];
}

function senderOf(stage: Stage, round: RoundFacts, group: readonly number[]): Sender {
  const { clients, noise } = stage.experiment;
  const members = new Set(group);
  const locals = round.locals.filter(({ client }) => members.has(client));
  const names = new Set(group.map((client) => clients[client].name));
  const dropped = round.dropped.filter(({ client }) => names.has(client));
  const isLost = locals.length === 0 && round.lost.some((client) => members.has(client));
  if (group.length > 1 || !stage.shown.includes(group[0])) {
    const reasons = dropped.map(({ client, reason }) => `${clientTitle(client)}: ${reason}`);
    const nSamples = noise !== null ? null : sumOf(group.map((client) => clients[client].nSamples));
    return {
      name: othersTitle(group.length),
      nClients: group.length,
      locals,
      nSamples,
      nGroups: null,
      missing: reasons.length === 0 ? null : `without ${reasons.join("; ")}`,
      isLost,
    };
  }
  const { name, nGroups } = clients[group[0]];
  const nSamples = noise === null ? clients[group[0]].nSamples : null;
  const missing = locals.length > 0 ? null : (dropped[0]?.reason ?? null);
  return { name: clientTitle(name), nClients: 1, locals, nSamples, nGroups, missing, isLost };
}

function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** What there is to say of a sender's rows, the fullest first; the last but one in words. */
export function rowsTexts(
  { locals, nSamples, nGroups, nClients, isLost }: Sender,
  round: RoundFacts,
): string[] {
  if (isLost) return ["cannot be read"];
  if (round.locals.length === 0) return [nSamples === null ? "" : plural(nSamples, "row")];
  if (locals.length === 0) return ["took no part"];
  const sent = locals.reduce((sum, { counts }) => sum + counts.reduce((total, count) => total + count, 0), 0);
  const kept = locals.flatMap(({ withheld }) => withheld).reduce((sum, { count }) => sum + count, 0);
  const without = nClients - locals.length;
  // Rows of clients that took no part are none that could have been sent.
  const all = Math.max(sent + kept, without === 0 ? (nSamples ?? 0) : 0);
  const isPart = countText(sent) !== countText(all);
  const rows = isPart ? `${countText(sent)} of ${plural(all, "row")}` : plural(sent, "row");
  return [
    ...(nGroups === null ? [] : [`${rows}, ${plural(nGroups, "group")}`]),
    ...(without === 0
      ? []
      : [`${rows}, ${countText(without)} missing`, `${plural(sent, "row")}, ${countText(without)} missing`]),
    rows,
    countText(sent),
  ];
}

/** The shortest of these. */
export function shortText(sender: Sender, round: RoundFacts): string {
  return rowsTexts(sender, round).at(-1)!;
}
