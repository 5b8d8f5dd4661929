import { type LedgerRow, lesser } from "../directory/ledger-summary.js";
import { roundedUp } from "../federation/client/budget/epsilon-text.js";
import { textTable } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";

/** What clients recorded of their messages: a table, the whole in a line, and each reason of a refusal. */
export function ledgerReport(rows: readonly LedgerRow[]): string {
  const hasNoise = rows.some(({ epsilon }) => epsilon !== undefined);
  const behind = hasNoise ? ["epsilon", "in all runs"] : ["fewest rows"];
  const header = ["client", "request", "messages", "bytes", ...behind, "refused"];
  const cells = rows.map((row) => [
    row.client,
    row.request,
    ...[row.messages, row.bytes].map(String),
    ...(hasNoise ? [row.epsilon, row.epsilonInAll].map(epsilonCell) : [textOr(row.smallestWeight)]),
    String(row.refused),
  ]);
  return `${textTable({ header, rows: cells }, 2)}\n${[whole(rows), ...refusals(rows)].join("\n")}\n`;
}

function textOr(value: number | null): string {
  return value === null ? "-" : String(value);
}

function epsilonCell(epsilon: number | undefined): string {
  return epsilon === undefined ? "-" : roundedUp(epsilon);
}

function whole(rows: readonly LedgerRow[]): string {
  const total = (value: (row: LedgerRow) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const clients = new Set(rows.map(({ client }) => client)).size;
  const messages = total((row) => row.messages);
  const refused = total((row) => row.refused);
  return (
    `${plural(clients, "client")}, ${plural(messages, "message")}, ${plural(
      total((row) => row.bytes),
      "byte",
    )}: ` + `${fewest(rows)}, ${refused === 0 ? "nothing was refused" : `${refused} refused`}`
  );
}

/** Of noise: the most that any client has spent. */
function spent(rows: readonly LedgerRow[]): string | null {
  const spending = rows.filter(({ epsilon }) => epsilon !== undefined);
  if (spending.length === 0) return null;
  const most = (value: (row: LedgerRow) => number | undefined) =>
    roundedUp(spending.reduce((max, row) => Math.max(max, value(row) ?? 0), 0));
  const [epsilon, inAll] = [most((row) => row.epsilon), most((row) => row.epsilonInAll)];
  const deltas = [...new Set(spending.map(({ delta }) => delta))].join(", ");
  const before = inAll === epsilon ? "" : `, ${inAll} with all runs before`;
  return `what left of rows has noise: epsilon ${epsilon} or less of each client${before}, at delta ${deltas}`;
}

/** Counts of labels are apart where they are of fewer rows than all else. */
function fewest(rows: readonly LedgerRow[]): string {
  const noise = spent(rows);
  if (noise !== null) return noise;
  const leastOf = (value: (row: LedgerRow) => number | null) =>
    rows.reduce<number | null>((least, row) => lesser(least, value(row)), null);
  const weight = leastOf((row) => row.smallestWeight);
  const labelCount = leastOf((row) => row.smallestLabelCount);
  if (weight === null) return "nothing of rows left";
  const numbers = `every number that left is of ${plural(weight, "row")} or more`;
  if (labelCount === null || labelCount >= weight) return numbers;
  return `${numbers} but for counts of labels (${plural(labelCount, "row")} or more)`;
}

function refusals(rows: readonly LedgerRow[]): string[] {
  return rows.flatMap(({ client, request, reasons }) =>
    reasons.map((reason) => printableLine(`refused: ${client}, ${request}: ${reason}`)),
  );
}
