import type { LocalFacts, RoundFacts } from "../read/experiment.js";
import { MAX_PANELS, PANEL_TITLE, type Rect } from "./layout.js";
import type { Mark, TextMark } from "./marks.js";
import { clientTitle, othersTitle } from "./names.js";
import { countText, plural } from "./numbers.js";
import { barMarks, NUMBERS_LINE, numberMarks, sharesOf } from "./shares.js";
import { SIZES } from "./sizes.js";
import { groupClients, type Stage } from "./stage.js";
import { textWidth } from "./text-width.js";
import type { Theme } from "./theme.js";

/* Who sent what to the server: a client an entry, with its rows by cluster. */

/** One client, or all those there is no place for. */
interface Sender {
  readonly name: string;
  /** How many it is; of more than one, those that took part are in `locals`. */
  readonly nClients: number;
  readonly locals: readonly LocalFacts[];
  /** Rows it holds; null where the directory does not say. */
  readonly nSamples: number | null;
  /** Groups that stand for its rows; null where none do, or the directory does not say. */
  readonly nGroups: number | null;
  /** Who took no part, and why. */
  readonly missing: string | null;
  /** Whether it took part, but what it sent cannot be read. */
  readonly isLost: boolean;
}

const PAD = 12;
/** Each client has an entry up to so many, where an entry has at least this height. */
const MOST_ENTRIES = 40;
const LEAST_HEIGHT = 13;
/** Entries of this height have a bar below the name, of this one numbers below the bar, too; none is higher. */
const TWO_LINES = 33;
const THREE_LINES = 46;
const MOST_HEIGHT = 68;
/** From the top of an entry to its bar, and from the bar to the numbers. */
const BAR = 21;
const NUMBERS = 13;
const BAR_HEIGHT = { least: 9, most: 18 } as const;
/** Share of an entry of one line that names have at most. */
const LINE_NAME = 0.4;
/** Least width of a column. */
const COLUMN = 260;

/** Beside or below the server's panel: what each client sent. */
export function sendersMarks(stage: Stage, round: RoundFacts): Mark[] {
  const { layout, theme } = stage;
  const { x, y, width, height } = layout.senders;
  const { senders, places } = entriesOf(stage, round);
  const isLines = places.some((place) => place.height < TWO_LINES);
  const widest = (texts: string[]) => 2 + Math.max(0, ...texts.map((text) => textWidth(text, SIZES.tick)));
  const widths = {
    name: Math.min(LINE_NAME * (places[0]?.width ?? 0), widest(senders.map(({ name }) => name))),
    rows: widest(senders.map((sender) => shortText(sender, round))),
  };
  return [
    { kind: "rect", x, y, width, height, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
    {
      kind: "line",
      points: [x, y + PANEL_TITLE, x + width, y + PANEL_TITLE],
      stroke: theme.border,
      width: 1,
    },
    {
      kind: "text",
      x: x + PAD,
      y: y + 16.5,
      text: "From",
      size: SIZES.body,
      weight: "semibold",
      fill: theme.text,
    },
    {
      kind: "text",
      x: x + width - PAD,
      y: y + 16.5,
      text: sentText(round),
      size: SIZES.note,
      fill: theme.muted,
      align: "right",
      maxWidth: width - 2 * PAD - 50,
    },
    ...(isLines
      ? senders.flatMap((sender, i) => lineMarks(stage, round, sender, places[i], widths))
      : senders.flatMap((sender, i) => entryMarks(stage, round, sender, places[i]))),
  ];
}

/** Who has an entry, and where: all clients, or, of more than there is room for, those that have a panel. */
function entriesOf(stage: Stage, round: RoundFacts): { senders: Sender[]; places: Rect[] } {
  const { x, y, width, height } = stage.layout.senders;
  const columns = Math.max(1, Math.floor(width / COLUMN));
  const body = height - PANEL_TITLE - 8;
  const heightOf = (n: number) => body / Math.ceil(n / columns);
  const n = groupsWithin(stage, Infinity).length;
  const fits = n <= MOST_ENTRIES && heightOf(n) >= LEAST_HEIGHT;
  const groups = groupsWithin(stage, fits ? n : MAX_PANELS);
  const entry = Math.min(MOST_HEIGHT, heightOf(groups.length));
  const perColumn = Math.ceil(groups.length / columns);
  return {
    senders: groups.map((group) => senderOf(stage, round, group)),
    places: groups.map((_, i) => ({
      x: x + (Math.floor(i / perColumn) * width) / columns,
      y: y + PANEL_TITLE + 4 + (i % perColumn) * entry,
      width: width / columns,
      height: entry,
    })),
  };
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
  const { clients } = stage.experiment;
  const members = new Set(group);
  const locals = round.locals.filter(({ client }) => members.has(client));
  const names = new Set(group.map((client) => clients[client].name));
  const dropped = round.dropped.filter(({ client }) => names.has(client));
  const isLost = locals.length === 0 && round.lost.some((client) => members.has(client));
  if (group.length > 1 || !stage.shown.includes(group[0])) {
    const reasons = dropped.map(({ client, reason }) => `${clientTitle(client)}: ${reason}`);
    const nSamples = sumOf(group.map((client) => clients[client].nSamples));
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
  const { name, nSamples, nGroups } = clients[group[0]];
  const missing = locals.length > 0 ? null : (dropped[0]?.reason ?? null);
  return { name: clientTitle(name), nClients: 1, locals, nSamples, nGroups, missing, isLost };
}

function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** How many means came, and how many the threshold kept back. */
function sentText({ locals, areLocalsRecorded, lost }: RoundFacts): string {
  if (!areLocalsRecorded) return "not recorded";
  if (locals.length === 0) return lost.length > 0 ? "cannot be read" : "nothing sent yet";
  const sent = locals.reduce((sum, { counts }) => sum + counts.length, 0);
  const withheld = locals.reduce((sum, local) => sum + local.withheld.length, 0);
  return `${plural(sent, "local mean")}${withheld > 0 ? `, ${countText(withheld)} withheld` : ""}`;
}

/** Name and rows above, the bar, and numbers below it as far as there is room. */
function entryMarks({ theme }: Stage, round: RoundFacts, sender: Sender, place: Rect): Mark[] {
  const left = place.x + PAD;
  const width = place.width - 2 * PAD;
  const shares = sharesOf(sender.locals);
  const { missing } = sender;
  const y = place.y + BAR;
  const title = titleMarks(sender, round, { left, right: left + width, y: place.y + 14.5 }, theme);
  const note = (baseline: number): Mark[] =>
    missing === null ? [] : [textMark(missing, left, baseline, theme.muted, { maxWidth: width })];
  if (shares.length === 0) return [...title, ...note(y + 11)];
  if (place.height < THREE_LINES) {
    const bar = { x: left, y, width, height: Math.min(15, place.height - BAR - 3) };
    return [...title, ...barMarks(shares, bar, true, theme)];
  }
  const thick = Math.min(BAR_HEIGHT.most, Math.max(BAR_HEIGHT.least, place.height - BAR - 2 * NUMBERS_LINE));
  const below = place.height - BAR - BAR_HEIGHT.least;
  const lines = missing === null ? Math.floor(below / NUMBERS_LINE) : 0;
  for (const height of lines > 1 ? [thick, BAR_HEIGHT.least] : [thick]) {
    const baseline = y + height + NUMBERS;
    const fitting = height === thick ? 1 : lines;
    const numbers = numberMarks(shares, { left, baseline, width, lines: Math.min(lines, fitting) }, theme);
    if (numbers !== null) {
      return [...title, ...barMarks(shares, { x: left, y, width, height }, false, theme), ...numbers];
    }
  }
  const bar = { x: left, y, width, height: 15 };
  return [...title, ...barMarks(shares, bar, true, theme), ...note(place.y + place.height - 3)];
}

/** Everything in one line: name, bar, and rows. */
function lineMarks(
  { theme }: Stage,
  round: RoundFacts,
  sender: Sender,
  place: Rect,
  { name, rows }: { readonly name: number; readonly rows: number },
): Mark[] {
  const left = place.x + PAD;
  const right = place.x + place.width - PAD;
  const middle = place.y + place.height / 2;
  const base = middle + SIZES.tick * 0.36;
  const shares = sharesOf(sender.locals);
  const height = Math.min(12, place.height - 2);
  const x = left + name + 8;
  const bar = { x, y: middle - height / 2, width: right - rows - 8 - x, height };
  const text = shares.length === 0 ? (sender.missing ?? shortText(sender, round)) : shortText(sender, round);
  return [
    textMark(sender.name, left, base, theme.text, { maxWidth: name }),
    ...(shares.length === 0 ? [] : barMarks(shares, bar, height >= SIZES.tick, theme)),
    textMark(text, right, base, theme.muted, { align: "right", maxWidth: right - x }),
  ];
}

/** The name, which is cut last, and beside it as much as there is room for. */
function titleMarks(
  sender: Sender,
  round: RoundFacts,
  { left, right, y }: { readonly left: number; readonly right: number; readonly y: number },
  theme: Theme,
): Mark[] {
  const { name } = sender;
  const size = SIZES.note;
  const free = right - left - textWidth(name, size, "semibold") - 8;
  const texts = rowsTexts(sender, round);
  // A name that is cut whatever stands beside it has the rows there, in words.
  const text = texts.find((candidate) => textWidth(candidate, size) <= free) ?? texts.at(-2) ?? texts[0];
  const maxWidth = right - left - textWidth(text, size) - 8;
  return [
    textMark(name, left, y, theme.text, { size, weight: "semibold", maxWidth }),
    textMark(text, right, y, theme.muted, { size, align: "right" }),
  ];
}

function textMark(text: string, x: number, y: number, fill: string, look: Partial<TextMark>): TextMark {
  return { kind: "text", x, y, text, size: SIZES.tick, fill, ...look };
}

function shortText(sender: Sender, round: RoundFacts): string {
  return rowsTexts(sender, round).at(-1)!;
}

/** What there is to say of a sender's rows, the fullest first. */
function rowsTexts({ locals, nSamples, nGroups, nClients, isLost }: Sender, round: RoundFacts): string[] {
  if (isLost) return ["cannot be read"];
  if (round.locals.length === 0) return [nSamples === null ? "" : plural(nSamples, "row")];
  if (locals.length === 0) return ["took no part"];
  const sent = locals.reduce((sum, { counts }) => sum + counts.reduce((total, count) => total + count, 0), 0);
  const kept = locals.flatMap(({ withheld }) => withheld).reduce((sum, { count }) => sum + count, 0);
  const without = nClients - locals.length;
  // Rows of clients that took no part are none that could have been sent.
  const all = Math.max(sent + kept, without === 0 ? (nSamples ?? 0) : 0);
  const rows = sent < all ? `${countText(sent)} of ${plural(all, "row")}` : plural(sent, "row");
  return [
    ...(nGroups === null ? [] : [`${rows}, ${plural(nGroups, "group")}`]),
    ...(without === 0
      ? []
      : [`${rows}, ${countText(without)} missing`, `${plural(sent, "row")}, ${countText(without)} missing`]),
    rows,
    countText(sent),
  ];
}
