import assert from "node:assert/strict";
import { test } from "node:test";
import { compareOutputs } from "#src/jupyter/compare-outputs.js";
import type { CellOutput, Notebook } from "#src/jupyter/notebook-file.js";
import { notebookOf } from "../support/jupyter.js";

const stream = (text: string, name = "stdout"): CellOutput => ({ output_type: "stream", name, text });
const shown = (data: Record<string, string>): CellOutput => ({ output_type: "display_data", data });
const svg = (text: string) => `<img src="data:image/svg+xml;base64,${Buffer.from(text).toString("base64")}">`;

/** A PNG's beginning, with its size, and one more byte. */
function png(width: number, height: number, byte: number): string {
  const bytes = Buffer.alloc(25, byte);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString("base64");
}

function notebookShowing(...cells: CellOutput[][]): Notebook {
  const notebook = notebookOf(cells.map(() => "x"));
  cells.forEach((outputs, i) => {
    notebook.cells[i].outputs = outputs;
  });
  return notebook;
}

function differenceBetween(before: CellOutput[], after: CellOutput[]): string | null {
  const same = [stream("same")];
  const { difference } = compareOutputs(notebookShowing(same, before), notebookShowing(same, after));
  assert.equal(difference?.cell ?? 2, 2);
  return difference?.message ?? null;
}

test("times, dates, directories' names and the pieces of a text make no difference", () => {
  const same: [CellOutput[], CellOutput[]][] = [
    [[stream("a\n"), stream("b\n")], [stream("a\nb\n")]],
    [[stream("took 1.25 s, 30 ms and 2 min")], [stream("took 3 s, 4.5 ms and 11 min")]],
    [
      [stream("2026-11-27T08:00:00.123Z 2026-11-27 08:00 0:01:02")],
      [stream("2027-01-02T18:30:00Z 2027-01-02 09:10 10:11:12")],
    ],
    [
      [shown({ "text/html": svg("<svg>logs/experiment_20261127_070016</svg>") })],
      [shown({ "text/html": svg("<svg>logs/experiment_20270102_183000_2</svg>") })],
    ],
    [[shown({ "text/html": "<p>1</p>", "text/plain": "one" })], [shown({ "text/html": "<p>1</p>" })]],
  ];
  for (const [before, after] of same) assert.equal(differenceBetween(before, after), null);
});

test("any other difference is told from a little before it", () => {
  const cases: [CellOutput[], CellOutput[], string][] = [
    [
      [stream("inertia 93.539")],
      [stream("inertia 93.540")],
      'expected "inertia 93.539", found "inertia 93.540"',
    ],
    [[stream("k 5")], [stream("k 5", "stderr"), stream("more")], "expected 1 output, found 2"],
    [[stream("text")], [stream("text, longer")], 'expected "text", found "text, longer"'],
    [
      [shown({ "text/html": svg(`<svg>${"x".repeat(30)}1</svg>`) })],
      [shown({ "text/html": svg(`<svg>${"x".repeat(30)}2</svg>`) })],
      `expected "…${"x".repeat(20)}1</svg>\\">", found "…${"x".repeat(20)}2</svg>\\">"`.replaceAll("\\", ""),
    ],
    [
      [{ output_type: "error", ename: "Error", evalue: "a" }],
      [{ output_type: "error", ename: "Error", evalue: "b" }],
      'expected "Error: a", found "Error: b"',
    ],
    [
      [shown({ "image/png": png(3, 2, 1) })],
      [shown({ "image/png": png(3, 4, 1) })],
      'expected "(image/png, 3 x 2)", found "(image/png, 3 x 4)"',
    ],
    [[shown({ "text/html": "1" })], [shown({ "text/plain": "2" })], 'expected "1", found "2"'],
  ];
  for (const [before, after, message] of cases) assert.equal(differenceBetween(before, after), message);
});

test("pictures that differ in bytes and not in size are counted, and a tag lets a cell show anything", () => {
  const before = notebookShowing([shown({ "image/png": png(3, 2, 1) })], [stream("a")], [stream("b")]);
  const after = notebookShowing([shown({ "image/png": png(3, 2, 7) })], [stream("z")], [stream("c")]);
  before.cells[1].metadata.tags = ["nbval-ignore-output"];
  assert.deepEqual(compareOutputs(before, after, 3), { difference: null, nCells: 1, nBySize: 1 });
  assert.deepEqual(compareOutputs(before, before), { difference: null, nCells: 2, nBySize: 0 });
  assert.equal(compareOutputs(before, after).difference?.cell, 3);
});
