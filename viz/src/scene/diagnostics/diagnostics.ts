import type { Experiment } from "../../read/experiment.js";
import { explainedBy } from "../../read/scree.js";
import { silhouettesOf } from "../../read/silhouette.js";
import { CAPTION, captionLines, captionMarks, headlineMarks, letteredMarks } from "../furniture/sheet.js";
import type { Mark, Scene } from "../marks/marks.js";
import { THEMES, type Theme, type ThemeName } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { classMatrix, clientMatrix, stabilityMatrix } from "./matrices.js";
import { matrixHeight, matrixMarks } from "./matrix.js";
import { screeMarks } from "./scree-panel.js";
import { silhouetteMarks } from "./silhouette-panel.js";
import { captionOf, headlineOf, type Parts, subtitleOf } from "./words.js";

export interface DiagnosticsOptions {
  readonly theme: ThemeName;
  /** Instead of a headline made from the run. */
  readonly title: string | null;
}

/** How good a clustering is, on one page, and what stands on it in words. */
export interface Diagnostics {
  readonly scene: Scene;
  readonly title: string;
  readonly description: string;
}

/** A sheet of A4 across; without silhouettes less is enough. */
export const PAGE = { width: 1400, height: 990 } as const;
const SMALL_PAGE = { width: 720, height: 560 } as const;
const MARGIN = 36;
const GAP = 44;
const HEADER = 84;
const TITLE = 30;
/** Of the silhouettes beside other panels. */
const MAIN_SHARE = 0.58;
const SCREE = 330;

interface PanelOfPage {
  readonly title: string;
  /** What it needs below its title to be read well. */
  readonly height: number;
  readonly marks: (area: Rect) => Mark[];
}

/**
 * Draws the diagnostics of a run's last means: silhouettes by cluster and client, classes by cluster, how much each
 * principal component explains, and how far clusters were found again in resamples.
 *
 * @returns null where the directory has nothing that any of them needs
 */
export function diagnosticsOf(
  experiment: Experiment,
  { theme: name, title }: DiagnosticsOptions,
): Diagnostics | null {
  const theme = THEMES[name];
  const last = experiment.rounds.length - 1;
  const silhouettes = silhouettesOf(experiment, last);
  const scree = explainedBy(experiment);
  const classes = classMatrix(experiment);
  const stability = stabilityMatrix(experiment);
  if (silhouettes === null && scree === null && classes === null && stability === null) return null;
  const { width, height } = silhouettes === null ? SMALL_PAGE : PAGE;
  const inner = width - 2 * MARGIN;
  const parts: Parts = { silhouettes, classes, scree, stability };
  const caption = captionOf(experiment, parts);
  const lines = captionLines(caption, inner);
  const captionHeight = lines.length * CAPTION.line;
  const top = MARGIN - 6 + HEADER;
  const area = {
    x: MARGIN,
    y: top,
    width: inner,
    height: height - MARGIN + 8 - captionHeight - 24 - top,
  };
  const headline = title ?? headlineOf(experiment);
  const subtitle = subtitleOf(experiment, parts);
  const marks = [
    ...headlineMarks(headline, subtitle, { x: MARGIN, y: MARGIN - 6, width: inner }, theme),
    ...placed(panelsOf(experiment, parts, theme), silhouettes !== null, area, theme),
    ...captionMarks(lines, { x: MARGIN, y: height - MARGIN + 8 - captionHeight, width: inner }, theme),
  ];
  return {
    scene: { width, height, background: theme.panel, layers: [{ key: null, marks, opacity: 1 }] },
    title: headline,
    description: `${subtitle} ${caption}`,
  };
}

function panelsOf(
  { clients }: Experiment,
  { silhouettes, classes, scree, stability }: Parts,
  theme: Theme,
): PanelOfPage[] {
  const panels: PanelOfPage[] = [];
  if (silhouettes !== null) {
    const byClient = clientMatrix(clients, silhouettes);
    panels.push(
      {
        title: `Silhouettes of ${silhouettes.of} by cluster`,
        height: PAGE.height,
        marks: (area) => silhouetteMarks(silhouettes, area, theme),
      },
      {
        title: "Mean silhouette by client and cluster",
        height: matrixHeight(byClient.rows.length),
        marks: (area) => matrixMarks(byClient, area, theme),
      },
    );
  }
  if (classes !== null) {
    panels.push({
      title: "Classes by cluster",
      height: matrixHeight(classes.rows.length),
      marks: (area) => matrixMarks(classes, area, theme),
    });
  }
  if (scree !== null) {
    panels.push({
      title: "Variance explained",
      height: SCREE,
      marks: (area) => screeMarks(scree.shares, area, theme),
    });
  }
  if (stability !== null) {
    panels.push({
      title: "Clusters found again in resamples",
      height: matrixHeight(stability.rows.length),
      marks: (area) => matrixMarks(stability, area, theme),
    });
  }
  return panels;
}

/** The first panel is as high as the page if it is the main one; the others share what is beside it. */
function placed(panels: readonly PanelOfPage[], hasMain: boolean, area: Rect, theme: Theme): Mark[] {
  const others = hasMain ? panels.slice(1) : panels;
  const mainWidth = hasMain ? (area.width - GAP) * MAIN_SHARE : -GAP;
  const left = area.x + mainWidth + GAP;
  const width = area.x + area.width - left;
  const room = area.height - others.length * TITLE - GAP * (others.length - 1);
  const heights = sharedOut(
    others.map(({ height }) => height),
    room,
  );
  const rects = hasMain ? [{ ...area, width: mainWidth }] : [];
  let y = area.y;
  for (const height of heights) {
    rects.push({ x: left, y, width, height: height + TITLE });
    y += height + TITLE + GAP;
  }
  return panels.flatMap(({ title, marks }, i) => {
    const rect = rects[i];
    return [
      ...letteredMarks(String.fromCharCode("A".charCodeAt(0) + i), title, rect, theme),
      ...marks({ ...rect, y: rect.y + TITLE, height: rect.height - TITLE }),
    ];
  });
}

/** What is wanted where there is room for all; else those that want more than an even share have less. */
function sharedOut(wanted: readonly number[], room: number): number[] {
  let rest = room;
  const heights = new Array<number>(wanted.length).fill(0);
  const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b]);
  order.forEach((panel, i) => {
    heights[panel] = Math.min(wanted[panel], rest / (order.length - i));
    rest -= heights[panel];
  });
  return heights;
}
