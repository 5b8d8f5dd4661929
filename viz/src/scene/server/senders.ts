import type { RoundFacts } from "../../read/experiment.js";
import type { Mark, Owned } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { titleMarks } from "../panels/panel-title.js";
import { frameMarks } from "../panels/panels.js";
import { MAX_PANELS, PANEL_TITLE, type Rect } from "../stage/layout.js";
import type { Stage } from "../stage/stage.js";
import { countText, plural } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { wrapText } from "../text/wrap.js";
import { countSenders, type Sender, sendersOf, shortText } from "./sender.js";
import { entryMarks, lineMarks, TWO_LINES } from "./sender-entry.js";

/* Who sent what to the server: a client an entry, with its rows by cluster. */

const PAD = 12;
/** Each client has an entry up to so many, where an entry has at least this height. */
const MOST_ENTRIES = 40;
const LEAST_HEIGHT = 13;
const MOST_HEIGHT = 68;
/** Where nobody sent anything. */
const EMPTY_HEIGHT = 24;
/** Above the first entry, and below the last. */
const ENDS = 4;
/** Share of an entry of one line that names have at most. */
const LINE_NAME = 0.4;
/** Least width of a column. */
const COLUMN = 260;

const NOISY =
  "Sums of their rows by cluster, with noise. The server uses the totals: no client's own are drawn.";
/** Above its lines, and of each. */
const NOISY_GAP = 10;
const NOISY_LINE = 16;

/** Beside or below the server's panel: what each client sent. */
export function sendersMarks(stage: Stage, round: RoundFacts): Mark[] {
  const { layout, theme, experiment } = stage;
  const rect = layout.senders;
  const plot = { ...rect, y: rect.y + PANEL_TITLE, height: rect.height - PANEL_TITLE };
  const columns = Math.max(1, Math.floor(plot.width / COLUMN));
  const heightOf = (n: number) => (plot.height - 2 * ENDS) / Math.ceil(n / columns);
  const n = countSenders(stage);
  const areAll = n <= MOST_ENTRIES && heightOf(n) >= LEAST_HEIGHT;
  const senders = sendersOf(stage, round, areAll ? n : MAX_PANELS);
  const isEmpty = senders.every(({ locals, missing }) => locals.length === 0 && missing === null);
  const height = Math.min(isEmpty ? EMPTY_HEIGHT : MOST_HEIGHT, heightOf(senders.length));
  const perColumn = Math.ceil(senders.length / columns);
  const width = plot.width / columns;
  const placeOf = (i: number): Rect => ({
    x: plot.x + Math.floor(i / perColumn) * width + PAD,
    y: plot.y + ENDS + (i % perColumn) * height,
    width: width - 2 * PAD,
    height,
  });
  const widths = widthsOf(senders, round, width);
  return [
    ...frameMarks({ rect, plot }, theme),
    ...titleMarks(rect, "From", experiment.noise === null ? sentTexts(round) : ["noisy sums"], theme),
    ...senders.flatMap((sender, i) => {
      const marks =
        height < TWO_LINES
          ? lineMarks(sender, round, placeOf(i), widths, theme)
          : entryMarks(sender, round, placeOf(i), theme);
      return marks.map((mark) => ({ ...mark, ...ownerOf(sender) }));
    }),
    ...(experiment.noise === null ? [] : noisyMarks(plot, ENDS + perColumn * height + NOISY_GAP, theme)),
  ];
}

/** What there is to say of noisy sums, as far as there is room below the entries. */
function noisyMarks(plot: Rect, used: number, theme: Theme): Mark[] {
  const width = plot.width - 2 * PAD;
  const lines = wrapText(NOISY, SIZES.note, width, Infinity);
  if (used + lines.length * NOISY_LINE > plot.height) return [];
  return lines.map((text, i) => ({
    kind: "text",
    x: plot.x + PAD,
    y: plot.y + used + (i + 1) * NOISY_LINE - 4,
    text,
    size: SIZES.note,
    fill: theme.muted,
    maxWidth: width,
  }));
}

function ownerOf({ nClients, locals }: Sender): Owned {
  return nClients === 1 && locals.length === 1 ? { client: locals[0].client } : {};
}

/** Of the names and rows of all entries. */
function widthsOf(
  senders: readonly Sender[],
  round: RoundFacts,
  entry: number,
): { name: number; rows: number } {
  const widest = (texts: string[]) => 2 + Math.max(0, ...texts.map((text) => textWidth(text, SIZES.tick)));
  return {
    name: Math.min(LINE_NAME * entry, widest(senders.map(({ name }) => name))),
    // What stands there instead of a bar may be longer.
    rows: widest(senders.filter(({ locals }) => locals.length > 0).map((sender) => shortText(sender, round))),
  };
}

/** How many means came, and how many the threshold kept back; the fullest first. */
function sentTexts({ locals, areLocalsRecorded, lost }: RoundFacts): string[] {
  if (!areLocalsRecorded) return ["not recorded"];
  if (locals.length === 0) return [lost.length > 0 ? "cannot be read" : "nothing sent yet"];
  const sent = locals.reduce((sum, { counts }) => sum + counts.length, 0);
  const withheld = locals.reduce((sum, local) => sum + local.withheld.length, 0);
  if (withheld === 0) return [plural(sent, "local mean")];
  const kept = `, ${countText(withheld)} withheld`;
  return [`${plural(sent, "local mean")}${kept}`, `${plural(sent, "mean")}${kept}`];
}
