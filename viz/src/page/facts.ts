import type { Experiment } from "../read/experiment.js";
import type { LabelsOf } from "../read/labels.js";
import type { Followed } from "../scene/follow.js";
import { countsOfLocal, countsUnder } from "../scene/stage/counts.js";
import { clientTitle } from "../scene/text/names.js";
import { countText, measureText, plural } from "../scene/text/numbers.js";
import type { Stop } from "./timeline.js";

/** What is known of what is followed, for a note beside it. */
export interface Facts {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What facts are found in. */
export interface Known {
  readonly experiment: Experiment;
  readonly labelsOf: LabelsOf;
  /** How far each global mean moved in each round, in the space clustered in; null in the first. */
  readonly moves: readonly (readonly number[] | null)[];
}

/** Clients named in a note at most. */
const MOST_NAMED = 6;

/** Facts of what is followed at a stage of a round; null where nothing is. */
export function factsOf(known: Known, { client, cluster }: Followed, stop: Stop): Facts | null {
  if (cluster !== null) return factsOfCluster(known, cluster, stop);
  if (client !== null) return factsOfClient(known, client, stop);
  return null;
}

/** The round whose global means are known at a stage: the one before until the server has made the new ones. */
function knownRound({ roundIndex, view }: Stop): number | null {
  if (view !== "local") return roundIndex;
  return roundIndex > 0 ? roundIndex - 1 : null;
}

function factsOfCluster(known: Known, cluster: number, stop: Stop): Facts {
  const { experiment, moves } = known;
  const at = knownRound(stop);
  const title = `Cluster ${cluster}`;
  if (at === null) return { title, lines: [] };
  const round = experiment.rounds[at];
  const size = round.sizes?.[cluster] ?? null;
  const moved = moves[at]?.[cluster];
  const lines = [
    ...(size === null
      ? []
      : [
          experiment.noise === null
            ? `${plural(size, "row")} behind its mean`
            : `about ${plural(size, "row")} behind its mean (noisy)`,
        ]),
    ...(round.carriedOver.includes(cluster) ? ["kept: no client has rows of it"] : []),
    ...(moved === undefined ? [] : [`moved by ${measureText(moved)} in round ${round.round}`]),
    ...clientsOf(known, cluster, at),
  ];
  return { title, lines };
}

/** The clients that have most rows of a cluster, under the means of a round. */
function clientsOf({ experiment, labelsOf }: Known, cluster: number, roundIndex: number): string[] {
  const { clients } = experiment;
  const counts = clients.map(
    (_, client) => countsUnder({ experiment, labelsOf }, client, roundIndex)?.[cluster],
  );
  const known = [...counts.keys()].filter((client) => (counts[client] ?? 0) > 0);
  const sorted = known.sort((a, b) => counts[b]! - counts[a]! || a - b);
  const named = sorted.slice(0, MOST_NAMED);
  const more = sorted.length - named.length;
  return [
    ...named.map((client) => `${clientTitle(clients[client].name)}: ${plural(counts[client]!, "row")}`),
    ...(more > 0 ? [`and ${plural(more, "client")} more`] : []),
  ];
}

function factsOfClient({ experiment, labelsOf }: Known, client: number, stop: Stop): Facts {
  const { clients, rounds } = experiment;
  const { name, nSamples, nGroups } = clients[client];
  const round = rounds[stop.roundIndex];
  const local = round.locals.find((candidate) => candidate.client === client);
  const dropped = round.dropped.find((candidate) => candidate.client === name);
  const isLocal = stop.view !== "global" && local !== undefined && !local.origins.includes(null);
  const known = knownRound(stop);
  const counts = isLocal
    ? countsOfLocal(local, round.k)
    : known === null
      ? null
      : countsUnder({ experiment, labelsOf }, client, known);
  const withheld = local?.withheld.length ?? 0;
  const own = counts && [...counts.keys()].filter((cluster) => counts[cluster] > 0);
  const lines = [
    ...(nSamples === null ? [] : [plural(nSamples, "row")]),
    ...(nGroups === null ? [] : [plural(nGroups, "group")]),
    ...(local === undefined || stop.view === "global"
      ? []
      : [
          `${plural(local.counts.length, "mean")} sent${withheld > 0 ? `, ${countText(withheld)} withheld` : ""}`,
        ]),
    ...(dropped === undefined ? [] : [`took no part: ${dropped.reason}`]),
    ...(own === null ? [] : [own.map((cluster) => `${cluster}: ${countText(counts![cluster])}`).join("  ")]),
  ];
  return { title: clientTitle(name), lines };
}
