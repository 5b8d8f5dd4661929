import { type Prose, say } from "./document.js";
import type { RunFacts } from "./facts.js";
import { count, listed } from "./words.js";

/** What clients that hold to the same hold to. */
interface Held {
  readonly mode: string;
  readonly groupSize: number;
  readonly threshold: number;
  readonly labels: boolean | null;
  readonly names: string[];
}

/** Clients by what they hold to, in client order; null stands for those of whom the directory does not say. */
export function heldBy({ summary }: Pick<RunFacts, "summary">): (Held | null)[] {
  const found = new Map<string, Held | null>();
  for (const { name, privacy } of summary.clients) {
    if (privacy === null) {
      found.set("", null);
      continue;
    }
    const { mode, group_size: groupSize, privacy_threshold: threshold, labels } = privacy;
    const key = JSON.stringify([mode, groupSize, threshold, labels]);
    const alike = found.get(key);
    if (alike) alike.names.push(name);
    else found.set(key, { mode, groupSize, threshold, labels, names: [name] });
  }
  return [...found.values()];
}

/** A sentence for each of what clients held to. */
export function whatWasHeldTo(facts: RunFacts): Prose[] {
  const held = heldBy(facts);
  return held.map((one) => {
    if (one === null) return say`Of some clients the directory does not say what they held to.`;
    const who =
      held.length === 1
        ? one.names.length === 1
          ? one.names[0]
          : `All ${count(one.names.length)} clients`
        : listed(one.names);
    return say`${who} ${basis(one)} ${labelsOf(one, facts)}`;
  });
}

function basis({ mode, groupSize, threshold }: Held): string {
  if (mode === "dp") {
    return (
      "answered one kind of question, for counts and sums of rows, with noise from the operating system in every number, " +
      "each client its own, and refused all others."
    );
  }
  if (mode === "groups" && groupSize > 1) {
    return (
      `computed all that was asked for from the means of groups of at least ${groupSize} similar rows: ` +
      "no request reaches further than these means and their numbers of rows."
    );
  }
  if (mode === "groups") {
    return "computed from single rows (groups of 1), which is no protection: a server that sets out to gets every row.";
  }
  if (threshold <= 1) {
    return `computed from single rows and withheld nothing (threshold ${threshold}): no protection.`;
  }
  return (
    `withheld means and sums of fewer than ${threshold} rows (threshold ${threshold}): a filter on one number at a ` +
    "time, and no guarantee, as rows can be solved for from several."
  );
}

function labelsOf({ labels }: Held, { summary, ledgers }: RunFacts): string {
  if (labels === null) return "Whether counts of labels left is not said.";
  if (labels && summary.status !== "completed") {
    if (ledgers === null) return "Counts of labels leave for the evaluation, if it was reached.";
    if (ledgers.every(({ smallestLabelCount }) => smallestLabelCount === null)) {
      return "No counts of labels left: they are for the evaluation, which was not reached.";
    }
  }
  return labels ? "Counts of labels left, for the evaluation." : "No counts of labels left.";
}

/** Whether a client held to nothing: its numbers are of single rows. */
export function isOfRows({
  mode,
  groupSize,
  threshold,
}: Pick<Held, "mode" | "groupSize" | "threshold">): boolean {
  if (mode === "dp") return false;
  return mode === "groups" ? groupSize <= 1 : threshold <= 1;
}

/** What a run does not promise, for what its clients held to. */
export function notPromised(facts: RunFacts): Prose[] {
  if (!facts.summary.isOurs) return [FOREIGN];
  const held = heldBy(facts);
  const known = held.filter((one) => one !== null);
  const groups = known.some(({ mode, groupSize }) => mode === "groups" && groupSize > 1);
  const threshold = known.some((one) => one.mode === "threshold" && !isOfRows(one)) || held.includes(null);
  if (known.length > 0 && known.every(({ mode }) => mode === "dp")) return notPromisedOfNoise(facts);
  const rows = known.some(isOfRows);
  const labels = known.some((one) => one.labels !== false);
  return [
    ...(groups ? OF_GROUPS : []),
    ...(groups && labels ? [OF_LABELS] : []),
    ...(threshold ? OF_THRESHOLD : []),
    ...(facts.summary.configuration.as_published === true ? [AS_PUBLISHED] : []),
    ...(rows ? [OF_ROWS] : []),
    ALWAYS,
    ...(facts.isSimulation && !facts.summary.isExport ? [groups ? GROUPS_ON_DISK : ROWS_ON_DISK] : []),
    ...(facts.summary.deployment === null ? [] : [DEPLOYED]),
  ];
}

function notPromisedOfNoise({ isSimulation, summary }: RunFacts): Prose[] {
  const onDisk = summary.isExport ? SIMULATED_ELSEWHERE : NOISE_ON_DISK;
  return [...(isSimulation ? [onDisk] : []), ...OF_NOISE, ...(summary.deployment === null ? [] : [DEPLOYED])];
}

const NOISE_ON_DISK: Prose = say`In a simulation all rows are on one machine, and noise protects none of them: it shows what it would do. The directory has traces of rows, and so may this page: ${{ code: "fedkmeans export" }} makes a directory of the noisy answers alone, whose report can be handed on.`;
const SIMULATED_ELSEWHERE: Prose = say`It was a simulation, with all rows on one machine: what is said of clients is of what it exported.`;
const OF_NOISE: readonly Prose[] = [
  say`It is of single rows: whoever has several of them, or rows at several clients, is protected less, as the table of what a row could change says.`,
  say`It is of one run. Runs on the same rows add up, to the limit that a client sets its rows for good (${{ code: "--epsilon-limit" }}); what was sent of them without noise, in runs of other modes, is protected by none.`,
  say`What the clusters tell of people in general holds of everybody, whether or not a row of theirs was there: that is found, not hidden.`,
  say`Names of clients and features, bounds and the declared number of rows are taken for public. Bounds, or a number, that somebody computed from the rows give them away.`,
  say`Whether a client takes part, when it answers and how long that takes, and that it cannot answer, are not hidden.`,
];
const OF_GROUPS: readonly Prose[] = [
  say`A value that all rows of a group share is disclosed: the more so the fewer values a column has.`,
  say`Where all columns have few values, whole rows can be proven, rare ones among them; ${{ code: "fedkmeans preview" }} counts them beforehand.`,
  say`An extreme value shows in the mean of its group.`,
  say`Whoever knows all rows of a group but one solves for that one.`,
  say`A group that vanishes between two runs tells that somebody in it left.`,
];
const OF_LABELS: Prose = say`Labels, where they are shared, are counted by group: a group of one class discloses the class of all its rows.`;
const OF_THRESHOLD: readonly Prose[] = [
  say`A threshold looks at one number at a time, and rows are solved from several: the sum of all rows less the sums that were sent is that of the withheld ones, and two rounds whose clusters differ by one row give that row.`,
  say`The mean of rows that are equal is that row. The numbers of rows of withheld clusters left all the same.`,
  say`A higher threshold does not prevent it, and a server that departs from the protocol gets all rows and their labels.`,
];
const AS_PUBLISHED: Prose = say`As published, the start was of single rows, which left as they are.`;
const OF_ROWS: Prose = say`Computed from single rows, nothing is promised at all: every row and every label can be had by whoever asks for sums that differ by it.`;
const ALWAYS: Prose = say`The server sees each client's numbers as they are, and no noise is added: there is no differential privacy here, and no secure aggregation.`;
const GROUPS_ON_DISK: Prose = say`The directory of a simulation itself has traces of rows, and so may this page: ${{ code: "fedkmeans export" }} makes a directory of groups alone, whose report can be handed on.`;
const ROWS_ON_DISK: Prose = say`The directory of a simulation itself has traces of rows, and so may this page: neither is for handing on where the rows are not.`;
const FOREIGN: Prose = say`Of another program nothing is known but what its directory holds, so nothing is promised.`;
const DEPLOYED: Prose = say`All this is of messages that reach fedkmeans: code of another kind that is sent to a client's machine is held back by none of it.`;
