import { type LedgerRow, summarizeLedgers } from "../../directory/ledger-summary.js";
import { directoryOf, type ExperimentLike } from "../../experiment/open.js";

/**
 * What each client recorded of its messages, by kind of request: how many, how many bytes left, the fewest rows behind a
 * number or what numbers with noise spent, and what was refused.
 *
 * @param experiment a run, its directory, or a folder of ledgers
 */
export function ledger(experiment: ExperimentLike): LedgerRow[] {
  return summarizeLedgers(directoryOf(experiment));
}
