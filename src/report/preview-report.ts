import { renameFields, snakeCase } from "../casing.js";
import { theSetting } from "../errors.js";
import type { Preview } from "../experiment/preview.js";
import { type Table, textTable } from "../markup/text-table.js";
import { plural } from "../printable.js";
import {
  adviceOnProven,
  type ClientPreview,
  type ColumnPreview,
  type LabelPreview,
  LITTLE_COST,
  MUCH_COST,
  rowsInGroups,
} from "../privacy/preview.js";

/** The most columns and clients that a table shows: nobody would read a larger one. */
const MAX_COLUMNS = 20;
const MAX_CLIENTS = 50;

/** What a person reads before anything is sent. */
export function previewReport(preview: Preview): string {
  const table = previewTable(preview);
  const parts = [
    previewLines(preview),
    ...(table === null ? [] : [[textTable(table).trimEnd()]]),
    promiseLines(preview),
  ];
  return parts
    .map((lines) => lines.map((line) => `\n${line}`).join(""))
    .join("\n")
    .concat("\n");
}

/** What a program reads: one JSON object. */
export function previewJson({ clients, worst, notices }: Preview): string {
  return `${JSON.stringify(renameFields({ clients, worst, notices }, snakeCase), null, 2)}\n`;
}

/** What would leave, and what could be told from it, in sentences: of several clients, of the worst. */
export function previewLines({ clients, worst }: Preview): string[] {
  if (clients.length === 1) return clientLines(clients[0]);
  const one = clients.find(({ client }) => client === worst)!;
  if (one.groupSize === 1) {
    return [`${plural(clients.length, "client")}. Nothing has been sent.`, rowsLine(one), ...labelLines(one)];
  }
  const refusing = clients.filter(({ rareRowsProven }) => rareRowsProven > 0).length;
  const small = clients.filter(({ groups }) => groups === 0).length;
  return [
    refusing === 0
      ? `None of ${clients.length} clients would refuse: no rare row could be proven.`
      : `${refusing} of ${clients.length} clients would refuse: rare rows of theirs could be proven.`,
    ...(small > 0
      ? [`${plural(small, "client")} with fewer rows than a group would take part with nothing.`]
      : []),
    "The worst of them:",
    ...clientLines(one),
  ];
}

/** A table of one client's columns, or of several clients; null where nothing would leave, or rows themselves. */
export function previewTable({ clients }: Preview): Table | null {
  if (clients.length > 1) return clientTable(clients);
  return isOfGroups(clients[0]) ? columnTable(clients[0]) : null;
}

/** What groups promise, and what not. */
export function promiseLines({ clients }: Preview): readonly string[] {
  return clients.some(isOfGroups) ? PROMISE : [];
}

const PROMISE: readonly string[] = [
  "Promised: no row follows by arithmetic from what leaves, except those counted as rows that could be proven.",
  "Not promised: a value that all rows of a group share is disclosed; the table counts these.",
  "Not promised: one extreme value shows in its group's mean.",
  "Not promised: whoever knows all rows of a group but one can work out that one.",
];

function isOfGroups({ groups, groupSize }: ClientPreview): boolean {
  return groups > 0 && groupSize > 1;
}

/** What a client gives each of whose rows is a group. */
function rowsLine({ groupSize }: ClientPreview): string {
  return `With ${theSetting("groupSize")} ${groupSize} each row can be had as it is: no protection from the server.`;
}

function clientLines(preview: ClientPreview): string[] {
  const { client, rows, groups, groupSize, columns } = preview;
  const size = `${theSetting("groupSize")} ${groupSize}`;
  const head = `${client}: ${plural(rows, "row")} of ${plural(columns.length, "column")}. Nothing has been sent.`;
  if (groups === 0 && rows < groupSize)
    return [head, `Fewer rows than ${size}: it would take part with nothing.`];
  if (groups === 0) return [head, "No group: it would take part with nothing.", ...restLines(preview)];
  if (groupSize === 1) return [head, rowsLine(preview), ...restLines(preview), ...labelLines(preview)];
  const spreads = columns.filter(({ spreadLeaves }) => spreadLeaves).length;
  const { labels } = preview;
  return [
    head,
    `Would leave: mean and number of rows of ${plural(groups, "group")} of ${sizesOf(preview)} similar rows; the columns' names.`,
    ...(spreads > 0
      ? [`Would leave: how far the values of ${plural(spreads, "column")} spread, rounded to steps of 10 %.`]
      : []),
    ...(preview.isOnePoint ? ["There is one group: what would leave is the mean of all rows in it."] : []),
    `Would stay: every single row${labels === null || labels.shared ? "" : `; ${labelsOf(labels)}`}.`,
    ...restLines(preview),
    ...labelLines(preview),
    `Rows that could be proven to be here: ${provenOf(preview)}.`,
    costLine(preview),
  ];
}

/** Rows that take no part. */
function restLines({ rowsWaiting, rowsRetired }: ClientPreview): string[] {
  return [
    rowsWaiting > 0 && `Would wait: ${plural(rowsWaiting, "row")}, of which nothing would leave.`,
    rowsRetired > 0 &&
      `Retired: ${plural(rowsRetired, "row")}, of groups of which a row is gone; of them nothing would leave any more.`,
  ].filter((line) => line !== false);
}

function sizesOf({ groupSizes }: ClientPreview): string {
  const [least, most] = [groupSizes[0].rows, groupSizes[groupSizes.length - 1].rows];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function labelsOf({ column }: LabelPreview): string {
  return `the labels${column === null ? "" : ` (${column})`}`;
}

function labelLines({ labels, groups, groupSize }: ClientPreview): string[] {
  if (labels === null) return ["Labels: there are none."];
  const { shared, groupsOfOneClass, rowsOfOneClass } = labels;
  const when = shared ? `Would leave: ${labelsOf(labels)}, ` : `${labelsOf(labels)}, if they are shared: `;
  const begun = `${when[0].toUpperCase()}${when.slice(1)}`;
  if (groupSize === 1) return [`${begun}that of each row.`];
  return [
    `${begun}counts a group. That discloses the labels of groups: in ${groupsOfOneClass} of ${groups} ` +
      `(${plural(rowsOfOneClass, "row")}) all rows have one.`,
  ];
}

function provenOf({ rowsProven, rareRowsProven, ...preview }: ClientPreview): string {
  if (rowsProven === 0) return "none";
  const like = `fewer than ${preview.groupSize} of the rows here are like them`;
  if (rareRowsProven === 0) return `${rowsProven}, none of them rare (rare: ${like})`;
  return `${rowsProven}, of which ${rareRowsProven} are rare (${like}): ${adviceOnProven(preview)}`;
}

/** What groups of this size do to the result, by how many rows there are for each cluster. */
function costLine(preview: ClientPreview): string {
  const { kGlobal, groupSize, cost, groupSizeOfLittleCost } = preview;
  const rows = rowsInGroups(preview);
  const ratio = Number(preview.rowsPerClusterAndGroupSize.toPrecision(2));
  const have = `${rows} rows / (${plural(kGlobal, "cluster")} x ${groupSize}) = ${ratio}`;
  if (cost === "little") return `Accuracy: ${have}, at least ${LITTLE_COST}: groups cost little.`;
  const other =
    groupSizeOfLittleCost === null
      ? "no group size above 1 would cost little"
      : `${theSetting("groupSize")} ${groupSizeOfLittleCost} would cost little`;
  return cost === "some"
    ? `Accuracy, a warning: ${have}, below ${LITTLE_COST}: groups cost something; ${other}.`
    : `Accuracy, a strong warning: ${have}, below ${MUCH_COST}: groups cost much; ${other}.`;
}

function columnTable(preview: ClientPreview): Table {
  const { columns, groups } = preview;
  const rows = rowsInGroups(preview);
  const shown = shownColumns(columns);
  const rest = columns.length - shown.length;
  return {
    header: ["column", "groups of one value", "cells disclosed", "spread leaves"],
    rows: [
      ...shown.map(({ name, groupsOfOneValue, cellsDisclosed, spreadLeaves }) => [
        name,
        `${groupsOfOneValue} of ${groups} (${percent(groupsOfOneValue, groups)})`,
        `${cellsDisclosed} of ${rows}`,
        spreadLeaves ? "yes" : "no",
      ]),
      ...(rest > 0 ? [[`and ${plural(rest, "column")} of no more`, "", "", ""]] : []),
    ],
  };
}

/** All, or those of which most is disclosed. */
function shownColumns(columns: readonly ColumnPreview[]): readonly ColumnPreview[] {
  if (columns.length <= MAX_COLUMNS) return columns;
  return [...columns].sort((a, b) => b.cellsDisclosed - a.cellsDisclosed).slice(0, MAX_COLUMNS);
}

function clientTable(clients: readonly ClientPreview[]): Table {
  const rest = clients.length - MAX_CLIENTS;
  const shown = rest > 0 ? clients.slice(0, MAX_CLIENTS) : clients;
  return {
    header: ["client", "rows", "groups", "rows a group", "cells disclosed", "rare rows proven", "cost"],
    rows: [
      ...shown.map((one) => [
        one.client,
        String(one.rows),
        String(one.groups),
        one.groups === 0 ? "-" : sizesOf(one),
        percent(
          one.columns.reduce((sum, { cellsDisclosed }) => sum + cellsDisclosed, 0),
          rowsInGroups(one) * one.columns.length,
        ),
        one.groupSize === 1 ? "-" : String(one.rareRowsProven),
        one.groups === 0 ? "-" : one.cost,
      ]),
      ...(rest > 0 ? [[`and ${plural(rest, "client")} more`, ...Array.from({ length: 6 }, () => "")]] : []),
    ],
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.round((100 * part) / whole)} %`;
}
