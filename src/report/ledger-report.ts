import { type LedgerRow, lesser } from "../directory/ledger-summary.js";
import { textTable } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";

/** What clients recorded of their messages: a table, the whole in a line, and each reason of a refusal. */
export function ledgerReport(rows: readonly LedgerRow[]): string {
  const header = ["client", "request", "messages", "bytes", "fewest rows", "refused"];
  const cells = rows.map(({ client, request, messages, bytes, smallestWeight, refused }) => [
    client,
    request,
    ...[messages, bytes].map(String),
    smallestWeight === null ? "-" : String(smallestWeight),
    String(refused),
  ]);
  return `${textTable({ header, rows: cells }, 2)}\n${[whole(rows), ...refusals(rows)].join("\n")}\n`;
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

/** Counts of labels are apart where they are of fewer rows than all else. */
function fewest(rows: readonly LedgerRow[]): string {
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
