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
  const fewest = rows.reduce<number | null>((least, row) => lesser(least, row.smallestWeight), null);
  const behind =
    fewest === null
      ? "nothing of rows left"
      : `every number that left is of ${plural(fewest, "row")} or more`;
  const refused = total((row) => row.refused);
  return (
    `${plural(clients, "client")}, ${plural(messages, "message")}, ${plural(
      total((row) => row.bytes),
      "byte",
    )}: ` + `${behind}, ${refused === 0 ? "nothing was refused" : `${refused} refused`}`
  );
}

function refusals(rows: readonly LedgerRow[]): string[] {
  return rows.flatMap(({ client, request, reasons }) =>
    reasons.map((reason) => printableLine(`refused: ${client}, ${request}: ${reason}`)),
  );
}
