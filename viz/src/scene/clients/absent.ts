import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { chipMarks } from "../means/chips.js";
import { halosOf } from "../means/noise-halo.js";
import { headMarks, missedMarks, noteMarks, shownNotes } from "../panels/panels.js";
import { countsOfAll, type RowCounts } from "../stage/counts.js";
import { chipSize, meanRadius } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";
import { countText } from "../text/numbers.js";
import { globalOutlines, outlineLabels } from "./sent-means.js";

/* Who took no part in a round, or is not known to have done. */

/** A panel none of whose clients is known to have sent a mean. */
export function idleMarks(stage: Stage, panel: Panel, roundIndex: number): Mark[] {
  const { theme, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const previous = experiment.rounds[roundIndex - 1] ?? null;
  const lost = panel.clients.some((client) => round.lost.includes(client));
  const missed =
    !lost && (round.locals.length > 0 || round.dropped.some(({ client }) => isOf(stage, panel, client)));
  const text = lost ? "what it sent cannot be read" : missedText(stage, panel, round, []);
  // Who took no part counted nothing, and nobody did before the first means; of what is not recorded, the rows as coloured.
  const isStart = experiment.noise !== null && previous === null;
  const isIdle = missed || isStart || (!lost && round.areLocalsRecorded);
  const known = previous === null ? null : countsOfAll(stage, panel.clients, roundIndex - 1);
  const rows = isIdle ? NO_COUNTS : known;
  return [
    ...(missed || previous === null
      ? []
      : [
          ...halosOf(experiment, panel, previous, meanRadius(panel)),
          ...globalOutlines(stage, panel, previous, null),
          ...chipMarks(outlineLabels(panel, previous), panel.plot, chipSize(panel), theme),
        ]),
    ...(missed || lost ? missedMarks(panel, text, theme) : []),
    ...headMarks(panel, shownNotes(panel), rows, theme),
  ];
}

const NO_COUNTS: RowCounts = { counts: [], withheld: [], withheldElsewhere: 0 };

function isOf({ experiment }: Stage, { clients }: Panel, name: string): boolean {
  return clients.some((client) => experiment.clients[client].name === name);
}

/** Who of a panel's clients took no part, and why; of whom that cannot be told. */
function missedText(
  stage: Stage,
  panel: Panel,
  { dropped, lost }: RoundFacts,
  locals: readonly LocalFacts[],
): string {
  const nLost = panel.clients.filter((client) => lost.includes(client)).length;
  const nMissing = panel.clients.length - locals.length - nLost;
  if (nMissing === 0)
    return `what ${countText(nLost)} of ${countText(panel.clients.length)} sent cannot be read`;
  const reasons = [
    ...new Set(dropped.flatMap(({ client, reason }) => (isOf(stage, panel, client) ? [reason] : []))),
  ];
  const who =
    panel.clients.length === 1 ? "" : `${countText(nMissing)} of ${countText(panel.clients.length)} `;
  return `${who}took no part${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
}

/** Where some of the clients of a panel took no part, it says so. */
export function missingMarks(
  stage: Stage,
  panel: Panel,
  round: RoundFacts,
  locals: readonly LocalFacts[],
): Mark[] {
  if (locals.length === panel.clients.length) return [];
  return noteMarks(panel, missedText(stage, panel, round, locals), stage.theme);
}
