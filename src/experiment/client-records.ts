import { dirname, join } from "node:path";
import { clientFileId } from "../directory/client-name.js";
import type { Layout } from "../directory/layout.js";
import type { ClientRecord, Federation } from "../federation/federation.js";
import { openFolder } from "../files/atomic-write.js";
import type { Configuration } from "./settings.js";

/**
 * Has the clients of a simulation keep their records in the experiment directory; others keep theirs where they are.
 *
 * @param run what tells the run from all others
 * @throws RunError naming a folder that cannot be made
 */
export function recordClients(
  { clients, simulation }: Federation,
  layout: Layout,
  { recordClientData, recordLedger, saveLabels, groupSize, privacy, stateDir }: Configuration,
  run: string,
): void {
  if (simulation === null) return;
  openFolder(dirname(layout.clientLog("0")));
  if (recordLedger) openFolder(dirname(layout.clientLedger("0")));
  if (recordClientData) openFolder(dirname(layout.clientData("0")));
  const recordPoints = (groupSize ?? 1) > 1;
  if (recordPoints) openFolder(dirname(layout.clientPoints("0")));
  if (saveLabels) openFolder(dirname(layout.clientLabels("0")));
  const recordOf = (client: string): ClientRecord => ({
    logFile: layout.clientLog(client),
    ledgerFile: recordLedger ? layout.clientLedger(client) : null,
    rowsFile: recordClientData ? layout.clientData(client) : null,
    pointsFiles: recordPoints
      ? { points: layout.clientPoints(client), weights: layout.clientWeights(client) }
      : null,
    labelsFile: saveLabels ? layout.clientLabels(client) : null,
    ...(privacy === "dp" && {
      budget: {
        folder:
          stateDir === null ? layout.clientBudget(client) : join(stateDir, `client_${clientFileId(client)}`),
        run,
        mayBeMade: true,
      },
    }),
  });
  simulation.record(new Map(clients.map((client) => [client, recordOf(client)])));
}
