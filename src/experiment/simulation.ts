import { openFederation } from "../federation/open.js";
import type { Agreement } from "../workflow/agreement.js";
import type { Silhouettes } from "../workflow/evaluate.js";
import { serverNotice } from "../workflow/notice.js";
import { findBounded } from "./bounded-partitions.js";
import { boundsOf } from "./bounds-file.js";
import { serverOptionsOf } from "./configuration.js";
import type { Logged, Prepared } from "./execute.js";
import type { ExperimentLog } from "./experiment-log.js";
import { type Again, checkSamePartitions, fingerprintsOf } from "./partitions.js";
import { policyOf } from "./privacy-settings.js";
import { scoredOnRows, withRows } from "./rows-metrics.js";
import type { Configuration } from "./settings.js";
import { stabilityOf } from "./stability/stability.js";
import { readStart } from "./start-file.js";
import { notCompared, twinOf } from "./twin.js";
import { twinInThread } from "./twin-thread.js";

/** What a simulation can protect. */
const UNPROTECTED =
  "a simulation: all rows are on this machine, and its noise protects none of them; it shows what noise does";

/**
 * Opens the clients of this machine for a run, whose rows a simulation may look at.
 *
 * @param recorded the run whose data they must be; null for new ones
 * @param again what is done with that run
 * @throws UsageError for a wrong setting; RunError if there are no partitions
 */
export async function prepareSimulation(
  asked: Configuration,
  recorded: Pick<Logged, "directory" | "summary"> | null,
  again: Again = "resumed",
): Promise<Prepared> {
  const startMeans = readStart(asked.start);
  const bounds = boundsOf(asked);
  const policy = policyOf(asked, bounds);
  const { refs, notices } = await findBounded(asked, bounds);
  const { federation, carrier, threads } = await openFederation(refs, { ...asked, policy });
  const configuration = { ...asked, carrier };
  const simulation = federation.simulation!;
  const silhouettes = (log: ExperimentLog, signal: AbortSignal): Silhouettes => ({
    most: configuration.maxSilhouetteSamples,
    async sums({ data, nRows }) {
      const files = log.clientDataFiles();
      return files && (await simulation.silhouetteSums(files, data, nRows, signal));
    },
  });
  const isOfRows = policy.groupSize === 1 && policy.privately === null;
  return {
    federation,
    configuration,
    options: serverOptionsOf(configuration, startMeans),
    threads,
    notices: [...notices, ...(policy.privately === null ? [] : [UNPROTECTED])].map(serverNotice),
    ...(policy.privately !== null && {
      describe: (agreement: Agreement, signal: AbortSignal) =>
        withRows(agreement, simulation.rows, { deadline: configuration.deadline * 1000, signal }),
    }),
    async begin(log, signal) {
      const fingerprints = await fingerprintsOf(simulation, refs, signal);
      if (recorded !== null) checkSamePartitions(recorded.directory, recorded.summary, fingerprints, again);
      log.identify(fingerprints);
    },
    // Where groups stand for rows, that of the rows is asked for after.
    ...(isOfRows && { silhouettes }),
    async score(event, { log, start, tell, signal }) {
      const deadline = configuration.deadline * 1000;
      const scored = isOfRows
        ? event
        : await scoredOnRows(event, simulation.rows, silhouettes(log, signal), { deadline, signal });
      if (configuration.stability > 0) {
        const { means, transform, featuresAsked } = event;
        const evaluated = new Set(event.fits.map(({ client }) => client));
        const taskRefs = refs.filter(({ client }) => evaluated.has(client));
        const resampled = { configuration, refs: taskRefs, means, transform, featuresAsked };
        const stability = await stabilityOf(resampled, carrier === "inline" ? 0 : threads, signal);
        log.addStability(stability);
        if (stability.failure !== null) {
          const text = `${stability.failed} of ${stability.resamples} resamples could not be clustered: ${stability.failure}`;
          tell({ type: "notice", notice: serverNotice(text) });
        }
      }
      if (!configuration.twin) return scored;
      const { metrics } = scored;
      const task = { configuration, refs, start, metrics };
      const twin = carrier === "inline" ? await twinOf(task) : await twinInThread(task, signal);
      log.addTwin(twin);
      const text = notCompared(twin, metrics);
      if (text !== null) tell({ type: "notice", notice: serverNotice(text) });
      return scored;
    },
  };
}
