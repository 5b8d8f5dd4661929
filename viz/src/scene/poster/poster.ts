import type { Experiment } from "../../read/experiment.js";
import type { LabelsOf } from "../../read/labels.js";
import type { Profile } from "../../read/profile.js";
import type { Rect } from "../layout.js";
import type { Mark, Scene } from "../marks.js";
import { SIZES } from "../sizes.js";
import { stageOf } from "../stage.js";
import { textWidth } from "../text-width.js";
import type { Theme, ThemeName } from "../theme.js";
import { wrapText } from "../wrap.js";
import { chosenRounds } from "./chosen-rounds.js";
import { convergenceMarks, hasCurves } from "./convergence.js";
import { heatMarks, namesWidth } from "./heat-map.js";
import { heatTable } from "./heat-table.js";
import { hasSmallLocals, pathsMarks, roundsMarks } from "./maps.js";
import { belowTitle, CAPTION, PAGE, pageOf } from "./page.js";
import { profileMarks } from "./profile-marks.js";
import { captionOf, headlineOf, verdictOf } from "./words.js";

/** How a poster looks. */
export interface PosterOptions {
  readonly theme: ThemeName;
  /** Instead of the headline made from the run. */
  readonly title: string | null;
}

/** A run on one page, and what stands on it in words. */
export interface Poster {
  readonly scene: Scene;
  readonly title: string;
  readonly description: string;
}

const MOST_CAPTION_LINES = 8;
/** Room for the letter of a panel. */
const LETTER = 20;

/**
 * Draws a run on one page: paths of its means, some rounds, clients by clusters, convergence, and what each cluster is.
 *
 * @param profile null where nothing is known of it
 */
export function posterOf(
  experiment: Experiment,
  profile: Profile | null,
  { theme: themeName, title }: PosterOptions,
  labelsOf?: LabelsOf,
): Poster {
  const stage = stageOf(experiment, { ...PAGE, theme: themeName }, labelsOf);
  const { theme } = stage;
  const { rounds } = experiment;
  const last = rounds.at(-1)!;
  const shownRounds = chosenRounds(experiment);
  const heat = heatTable(stage);
  const caption = captionOf(experiment, { shownRounds, heat, profile });
  const hasRounds = rounds.length > 1 || hasSmallLocals(experiment, 0);
  const has = hasCurves(stage);
  const hasConvergence = has.inertia || has.change;
  const heatSize = { nRows: heat.rows.length, k: last.k, names: namesWidth(heat), hasRounds, hasConvergence };
  const lines = wrapText(caption, CAPTION.size, pageOf(heatSize, 1).caption.width, MOST_CAPTION_LINES);
  const page = pageOf(heatSize, lines.length);
  const headline = title ?? headlineOf(experiment);
  const verdict = verdictOf(experiment);
  const paths =
    rounds.length === 1
      ? `Global means, round ${last.round}`
      : `Paths of the global means, rounds ${rounds[0].round} to ${last.round}`;
  const marks: Mark[] = [
    ...headerMarks(headline, verdict, page.header, theme),
    ...titleMarks("A", paths, page.paths, theme),
    ...pathsMarks(stage, belowTitle(page.paths)),
    ...(hasRounds
      ? [
          ...titleMarks(
            "B",
            rounds.length === 1 ? "Local means" : "Steps, round by round",
            page.rounds,
            theme,
          ),
          ...roundsMarks(stage, belowTitle(page.rounds), shownRounds),
        ]
      : []),
    ...titleMarks("C", "Rows of each client by cluster", page.heat, theme),
    ...(heat.rows.length === 0
      ? [unknownMark("Of clients nothing is recorded.", page.heat, theme)]
      : heatMarks(heat, last.k, belowTitle(page.heat), theme)),
    ...(hasConvergence
      ? [
          ...titleMarks("D", "Convergence", page.convergence, theme),
          ...convergenceMarks(stage, belowTitle(page.convergence)),
        ]
      : []),
    ...(profile === null
      ? []
      : [
          ...titleMarks("E", profileTitle(profile), page.profiles, theme),
          ...profileMarks(profile, belowTitle(page.profiles), theme),
        ]),
    ...lines.map(
      (text, i): Mark => ({
        kind: "text",
        x: page.caption.x,
        y: page.caption.y + (i + 1) * CAPTION.line - 4,
        text,
        size: CAPTION.size,
        fill: theme.muted,
        maxWidth: page.caption.width + 4,
      }),
    ),
  ];
  return {
    scene: { ...PAGE, background: theme.panel, layers: [{ key: null, marks, opacity: 1 }] },
    title: headline,
    description: `${verdict} ${caption}`,
  };
}

function profileTitle({ isOriginal }: Profile): string {
  return isOriginal ? "What the clusters are, in original units" : "What the clusters are, as clustered";
}

function headerMarks(headline: string, verdict: string, { x, y, width }: Rect, theme: Theme): Mark[] {
  return [
    {
      kind: "text",
      x,
      y: y + 28,
      text: headline,
      size: 27,
      weight: "semibold",
      fill: theme.text,
      maxWidth: width,
    },
    { kind: "text", x, y: y + 54, text: verdict, size: SIZES.sentence, fill: theme.muted, maxWidth: width },
  ];
}

/** A panel's letter, by which a text refers to it, and its title. */
function titleMarks(letter: string, text: string, { x, y, width }: Rect, theme: Theme): Mark[] {
  const look = { kind: "text", y: y + 13, size: SIZES.title, weight: "semibold" } as const;
  const from = x + Math.max(LETTER, textWidth(letter, SIZES.title, "semibold") + 8);
  return [
    { ...look, x, text: letter, fill: theme.text },
    { ...look, x: from, text, fill: theme.text, maxWidth: x + width - from },
  ];
}

function unknownMark(text: string, panel: Rect, theme: Theme): Mark {
  const { x, y } = belowTitle(panel);
  return { kind: "text", x, y: y + 16, text, size: SIZES.note, fill: theme.muted };
}
