import type { Experiment } from "../../read/experiment.js";
import type { LabelsOf } from "../../read/labels.js";
import type { Profile } from "../../read/profile.js";
import { captionLines, captionMarks, headlineMarks, letteredMarks } from "../furniture/sheet.js";
import type { Mark, Scene } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme, ThemeName } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { stageOf } from "../stage/stage.js";
import { chosenRounds } from "./chosen-rounds.js";
import { convergenceMarks, hasCurves } from "./convergence.js";
import { heatMarks, namesWidth } from "./heat-map.js";
import { heatTable } from "./heat-table.js";
import { hasSmallLocals, pathsMarks, roundsMarks } from "./maps.js";
import { belowTitle, PAGE, pageOf } from "./page.js";
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
  const lines = captionLines(caption, pageOf(heatSize, 1).caption.width);
  const page = pageOf(heatSize, lines.length);
  const headline = title ?? headlineOf(experiment);
  const verdict = verdictOf(experiment);
  const paths =
    rounds.length === 1
      ? `Global means, round ${last.round}`
      : `Paths of the global means, rounds ${rounds[0].round} to ${last.round}`;
  const marks: Mark[] = [
    ...headlineMarks(headline, verdict, page.header, theme),
    ...letteredMarks("A", paths, page.paths, theme),
    ...pathsMarks(stage, belowTitle(page.paths)),
    ...(hasRounds
      ? [
          ...letteredMarks(
            "B",
            rounds.length === 1 ? "Local means" : "Steps, round by round",
            page.rounds,
            theme,
          ),
          ...roundsMarks(stage, belowTitle(page.rounds), shownRounds),
        ]
      : []),
    ...letteredMarks("C", "Rows of each client by cluster", page.heat, theme),
    ...(heat.rows.length === 0
      ? [unknownMark("Of clients nothing is recorded.", page.heat, theme)]
      : heatMarks(heat, last.k, belowTitle(page.heat), theme)),
    ...(hasConvergence
      ? [
          ...letteredMarks("D", "Convergence", page.convergence, theme),
          ...convergenceMarks(stage, belowTitle(page.convergence)),
        ]
      : []),
    ...(profile === null
      ? []
      : [
          ...letteredMarks("E", profileTitle(profile), page.profiles, theme),
          ...profileMarks(profile, belowTitle(page.profiles), theme),
        ]),
    ...captionMarks(lines, page.caption, theme),
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

function unknownMark(text: string, panel: Rect, theme: Theme): Mark {
  const { x, y } = belowTitle(panel);
  return { kind: "text", x, y: y + 16, text, size: SIZES.note, fill: theme.muted };
}
