import type { LocalFacts, RoundFacts } from "../read/experiment.js";
import { MAX_PANELS } from "./layout.js";
import type { Mark } from "./marks.js";
import { clientTitle, othersTitle } from "./names.js";
import { countText, plural } from "./numbers.js";
import { groupClients, type Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/** One client, or all those there is no place for. */
interface Sender {
  readonly name: string;
  readonly locals: readonly LocalFacts[];
  /** Groups that stand for its rows; null where none do, or the directory does not say. */
  readonly nGroups: number | null;
  /** Why it took no part. */
  readonly reason: string | null;
  /** Whether it took part, but what it sent cannot be read. */
  readonly isLost: boolean;
}

const HEADING = 30;
const ENTRY = 48;
const PAD = 12;
const SYMBOL_STEP = 13;

/** Beside the server's panel: a client a line, with the clusters of the means it sent and of those it withheld. */
export function sendersMarks(stage: Stage, previous: RoundFacts | null, round: RoundFacts): Mark[] {
  const { layout, theme } = stage;
  const { x, y, width, height } = layout.senders;
  const entries = sendersOf(stage, round, Math.floor((height - HEADING) / ENTRY));
  const sent = round.locals.reduce((sum, { counts }) => sum + counts.length, 0);
  const grouped = stage.experiment.groups !== null;
  const left = x + PAD;
  const right = x + width - PAD;
  return [
    { kind: "rect", x, y, width, height, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
    { kind: "text", x: left, y: y + 16.5, text: "From", size: 12.5, weight: "semibold", fill: theme.text },
    {
      kind: "text",
      x: right,
      y: y + 16.5,
      text: round.areLocalsRecorded
        ? plural(sent, "local mean")
        : entries.length > 0
          ? "local means"
          : "not recorded",
      size: 11.5,
      fill: theme.muted,
      align: "right",
    },
    ...entries.flatMap((sender, i): Mark[] => {
      const top = y + HEADING + i * ENTRY;
      return [
        { kind: "line", points: [x, top - 6, x + width, top - 6], stroke: theme.border, width: 1 },
        {
          kind: "text",
          x: left,
          y: top + 11,
          text: sender.name,
          size: 12,
          weight: "semibold",
          fill: theme.text,
          maxWidth: width * (grouped ? 0.44 : 0.55),
        },
        {
          kind: "text",
          x: right,
          y: top + 11,
          text: rowsText(sender, round),
          size: 11.5,
          fill: theme.muted,
          align: "right",
          maxWidth: width * (grouped ? 0.47 : 0.38),
        },
        ...(sender.reason === null
          ? symbolMarks(stage, previous, sender.locals, left, top + 26, right - left)
          : [
              {
                kind: "text",
                x: left,
                y: top + 30,
                text: sender.reason,
                size: 11,
                fill: theme.faint,
                maxWidth: right - left,
              } as const,
            ]),
      ];
    }),
  ];
}

function sendersOf(stage: Stage, round: RoundFacts, places: number): Sender[] {
  const { clients } = stage.experiment;
  if (clients.length === 0) return [];
  return groupsWithin(stage, Math.min(places, MAX_PANELS)).map((group): Sender => {
    const locals = round.locals.filter(({ client }) => group.includes(client));
    const isLost = locals.length === 0 && group.some((client) => round.lost.includes(client));
    if (group.length > 1 || !stage.shown.includes(group[0])) {
      return { name: othersTitle(group.length), locals, nGroups: null, reason: null, isLost };
    }
    const { name, nGroups } = clients[group[0]];
    const reason = round.dropped.find(({ client }) => client === name)?.reason ?? null;
    return { name: clientTitle(name), locals, nGroups, reason, isLost };
  });
}

/** The clients shown, and, as the last, all there is no place for and all that are not shown. */
function groupsWithin({ experiment, shown }: Stage, places: number): number[][] {
  const hidden = [...experiment.clients.keys()].filter((client) => !shown.includes(client));
  if (hidden.length === 0) return groupClients(experiment, shown, places);
  const groups = groupClients(experiment, shown, places - 1);
  const last = groups.at(-1)!.length > 1 ? groups.pop()! : [];
  return [...groups, [...last, ...hidden]];
}

function rowsText({ locals, nGroups, isLost }: Sender, round: RoundFacts): string {
  if (isLost) return "cannot be read";
  if (!round.areLocalsRecorded) return "not recorded";
  if (round.locals.length === 0) return "sent nothing";
  if (locals.length === 0) return "took no part";
  const rows = locals.reduce((sum, { counts }) => sum + counts.reduce((total, count) => total + count, 0), 0);
  const groups = nGroups === null ? "" : `, ${plural(nGroups, "group")}`;
  return `${plural(rows, "row")}${groups}`;
}

/** A symbol for each cluster that a mean went into; hollow and struck for what was withheld. */
function symbolMarks(
  { theme }: Stage,
  previous: RoundFacts | null,
  locals: readonly LocalFacts[],
  left: number,
  y: number,
  width: number,
): Mark[] {
  const sent = [...new Set(locals.flatMap(({ targets }) => targets))].sort((a, b) => a - b);
  const origins = locals.flatMap(({ withheld }) => withheld.map(({ origin }) => origin));
  const withheld = previous === null ? [] : [...new Set(origins)].filter((origin) => origin !== null);
  const step = Math.min(SYMBOL_STEP, width / Math.max(1, sent.length + withheld.length));
  const radius = Math.min(4.5, step * 0.4);
  const symbol = (cluster: number, i: number, struck: boolean): Mark => {
    const { color, shape } = clusterStyle(cluster);
    const x = left + radius + i * step;
    const look = struck ? { fill: theme.panel, stroke: color, strokeWidth: 1.2, struck } : { fill: color };
    return { kind: "symbol", shape, x, y, radius, ...look };
  };
  const marks = [
    ...sent.map((cluster, i) => symbol(cluster, i, false)),
    ...withheld.map((cluster, i) => symbol(cluster, sent.length + i + 0.6, true)),
  ];
  const kept = origins.length;
  const end = left + (sent.length + withheld.length + 1.2) * step;
  if (kept > 0 && left + width - end > 70) {
    const text = `${countText(kept)} withheld`;
    marks.push({ kind: "text", x: end, y: y + 4, text, size: 11, fill: theme.muted });
  }
  return marks;
}
