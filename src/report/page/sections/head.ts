import { epsilonText } from "../../../federation/client/budget/epsilon-text.js";
import { plural } from "../../../printable.js";
import { type Badge, type Block, code, type Prose, type Section, say, strong } from "../document.js";
import type { RunFacts } from "../facts.js";
import { isPrivate, privacyText } from "../private-facts.js";
import { heldBy, isOfRows } from "../promises.js";
import { warningsOf } from "../warnings.js";
import { count, duration, metricText, moment, rounded } from "../words.js";

/** What of the run stands at the top of the page: a sentence made of its numbers, what is sure of it, and what to mind. */
export function head(facts: RunFacts, more: readonly Badge[]): Section {
  const warnings = warningsOf(facts);
  const blocks: Block[] = [
    { type: "lead", text: verdict(facts) },
    { type: "badges", badges: [...badges(facts), ...more] },
    { type: "tiles", tiles: tiles(facts) },
  ];
  if (warnings.length > 0) blocks.push({ type: "warning", title: "To mind", items: warnings });
  return { id: "summary", title: "Summary", blocks };
}

/** When, how long, with what, and which run. */
export function subtitle({ summary, runHash }: RunFacts): Prose {
  const { started, finished, resumed, environment } = summary.provenance;
  const seconds =
    started === null || finished === null ? null : (Date.parse(finished) - Date.parse(started)) / 1000;
  const parts = [
    "Federated k-means",
    ...(started === null ? [] : [moment(started)]),
    // Of one that was gone on with, most of the time nothing ran.
    ...(seconds === null || resumed.length > 0 ? [] : [duration(seconds)]),
    ...(environment === null ? [] : [`fedkmeans ${environment.fedkmeans}`]),
  ];
  return say`${parts.join(" · ")} · run ${code(runHash.slice(0, 12))}`;
}

/** One sentence, or two, of what was found. */
export function verdict(facts: RunFacts): Prose {
  const { summary, rounds, last, metrics, twin, privately } = facts;
  const clients = plural(summary.clients.length, "client");
  const nClusters = summary.results?.n_clusters ?? last.means.nRows;
  const rows =
    summary.n_samples === null
      ? privately === null
        ? "rows"
        : `${count(privately.declaredRows)} rows, as declared,`
      : `${count(summary.n_samples)} ${summary.n_samples === 1 ? "row" : "rows"}`;
  const of = `${clients} with ${rows} of ${plural(facts.featureNames.length, "feature")}`;
  const nRounds = summary.results?.rounds ?? rounds.length - 1;
  // k-FED asks once, and has no rounds.
  const when = nRounds === 0 ? "in a single exchange" : `in ${plural(nRounds, "round")}`;
  if (summary.status !== "completed" && summary.isOurs) {
    const why = summary.reason === null ? "" : ` (${summary.reason})`;
    return say`The run of ${of} did not end: it was ${summary.status} after ${plural(nRounds, "round")}${why}. What follows is of its last whole round, ${rounds.at(-1)!.round}.`;
  }
  const labels = metrics?.adjustedRandIndex ?? metrics?.ofPoints?.adjustedRandIndex ?? null;
  const isOfPoints = metrics?.adjustedRandIndex == null;
  const label = summary.configuration.label_column;
  const agreement =
    labels === null
      ? []
      : say` They agree with ${typeof label === "string" ? label : "the labels"} to an adjusted Rand index of ${strong(metricText(labels))}${isOfPoints ? ", by groups of rows" : ""}.`;
  const excess = excessOf(twin);
  const cost =
    excess === null
      ? []
      : say` K-means of the pooled rows from the same start has ${excess < 0 ? `${rounded(-100 * excess)} % more` : `${rounded(100 * excess)} % less`} inertia.`;
  // A mean of one row is that row: without groups or noise it depends on the data whether one left.
  const areKept = heldBy({ summary }).every(
    (held) => held !== null && (held.mode === "groups" || held.mode === "dp") && !isOfRows(held),
  );
  const pooled = !summary.isOurs
    ? ""
    : facts.isSimulation
      ? ", without pooling a row"
      : areKept
        ? ", and no row left its client"
        : ", without pooling a row";
  const noise =
    privately === null
      ? ""
      : ` All that left a client of its rows has noise: ${privacyText(privately)} for any one of them.`;
  return [
    ...say`${of} found ${strong(plural(nClusters, "cluster"))} ${when}${pooled}.${noise}`,
    ...agreement,
    ...cost,
  ];
}

function excessOf(twin: RunFacts["twin"]): number | null {
  const same = twin?.values.same_start as { inertia_excess?: unknown } | undefined;
  return typeof same?.inertia_excess === "number" ? same.inertia_excess : null;
}

function badges(facts: RunFacts): Badge[] {
  const { summary, verified, isSimulation } = facts;
  const { results, status } = summary;
  const asksOnce = summary.configuration.algorithm === "k-fed";
  // Of another program it may not be known.
  const completed =
    results?.converged !== false
      ? "completed"
      : isPrivate(summary)
        ? "completed, in fewer rounds than planned"
        : "completed, not converged";
  const ended: Badge =
    status === "completed"
      ? results?.converged
        ? {
            state: "good",
            text: asksOnce
              ? "completed"
              : isPrivate(summary)
                ? "completed, as planned"
                : "completed, converged",
          }
        : { state: "plain", text: results?.cycle_length ? "completed in a cycle" : completed }
      : status === "unknown"
        ? { state: "plain", text: "the directory does not say whether it completed" }
        : { state: "bad", text: status };
  return [
    ended,
    verifiedBadge(verified),
    ...(summary.isOurs
      ? [
          {
            state: "plain" as const,
            text: isSimulation ? "simulation on one machine" : "clients on their own machines",
          },
        ]
      : []),
    ...protectionBadges(facts),
    ...(summary.isExport
      ? [
          {
            state: "plain" as const,
            text: `exported: of ${isPrivate(summary) ? "noisy answers" : "groups"} alone`,
          },
        ]
      : []),
  ];
}

function verifiedBadge(verified: RunFacts["verified"]): Badge {
  if (!verified.isGood) return { state: "bad", text: `not as it was written: ${verified.problem}` };
  const { files, rounds } = verified.verification;
  return {
    state: "good",
    text:
      files === null
        ? `arrays of ${plural(rounds, "round")} as they were written`
        : `${count(files)} files as they were written`,
  };
}

function protectionBadges({ summary, privately }: RunFacts): Badge[] {
  if (privately !== null) return [{ state: "plain", text: privacyText(privately) }];
  const privacy = summary.clients.map((client) => client.privacy);
  if (privacy.some((one) => one === null)) return [];
  const said = heldBy({ summary }).map((one) => {
    if (one!.mode === "dp") return "differential privacy";
    if (isOfRows(one!)) return "computed from rows: no protection";
    return one!.mode === "groups"
      ? `groups of at least ${one!.groupSize} rows`
      : `threshold ${one!.threshold}: a filter`;
  });
  return [...new Set(said)].slice(0, 3).map((text) => ({ state: "plain", text }));
}

function tiles({ summary, last, rounds, metrics, privately }: RunFacts): [string, string][] {
  const ofRows = metrics?.adjustedRandIndex ?? metrics?.simplifiedSilhouetteScore ?? null;
  const scored = ofRows === null && metrics?.ofPoints ? metrics.ofPoints : metrics;
  const nRounds = summary.results?.rounds ?? rounds.length - 1;
  return [
    counted(summary.results?.n_clusters ?? last.means.nRows, "cluster"),
    counted(summary.clients.length, "client"),
    ...(summary.n_samples === null ? [] : [counted(summary.n_samples, "row")]),
    ...(summary.n_samples !== null || privately === null
      ? []
      : [[count(privately.declaredRows), "rows, declared"] as [string, string]]),
    ...(privately === null
      ? []
      : [[epsilonText(privately.muSpent ** 2, privately.delta), "epsilon"] as [string, string]]),
    ...(nRounds === 0 ? [] : [counted(nRounds, "round")]),
    ...(scored?.adjustedRandIndex == null
      ? []
      : [[metricText(scored.adjustedRandIndex), "adjusted Rand index"] as [string, string]]),
    ...(scored?.simplifiedSilhouetteScore == null
      ? []
      : [[metricText(scored.simplifiedSilhouetteScore), "silhouette, simplified"] as [string, string]]),
  ];
}

function counted(value: number, noun: string): [string, string] {
  return [count(value), value === 1 ? noun : `${noun}s`];
}
