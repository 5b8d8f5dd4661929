import type { CellEvent } from "../jupyter/execute-notebook.js";
import { joinLines, type Notebook } from "../jupyter/notebook-file.js";
import { printableLine } from "../printable.js";

interface Progress {
  onCell(event: CellEvent): void;
  /** Clears the way for what comes next. */
  stop(): void;
}

/** Characters of a cell's first line that are shown. */
const LONGEST = 60;

/** Shows on standard error which code cell is executed: a bar on a terminal, a line each elsewhere. */
export function notebookProgress(notebook: Notebook): Progress {
  const codeCells = notebook.cells.flatMap(({ cell_type }, index) => (cell_type === "code" ? [index] : []));
  const total = codeCells.length;
  const describe = (index: number) => firstLine(joinLines(notebook.cells[index].source));
  const show = process.stderr.isTTY ? bar(total) : lines(total);
  return {
    onCell({ type, index }) {
      if (type === "start") show.start(codeCells.indexOf(index) + 1, describe(index));
    },
    stop: show.stop,
  };
}

interface Shown {
  /** @param number of the code cell, from 1 */
  start(number: number, line: string): void;
  stop(): void;
}

function bar(total: number): Shown {
  const format = "[{bar}] cell {number}/{total} · {duration_formatted} · {line}";
  const options = { format, barsize: 24, hideCursor: true, clearOnComplete: true, stream: process.stderr };
  const { Presets, SingleBar } = require("cli-progress") as typeof import("cli-progress");
  const single = new SingleBar(options, Presets.rect);
  let started = false;
  return {
    start(number, line) {
      if (started) single.update(number - 1, { number, line });
      else single.start(total, number - 1, { number, line });
      started = true;
    },
    stop() {
      if (started) single.stop();
      started = false;
    },
  };
}

function lines(total: number): Shown {
  return {
    start: (number, line) => process.stderr.write(`cell ${number} of ${total}: ${line}\n`),
    stop: () => {},
  };
}

/** The first line that says something, without what would break the line it is shown in. */
function firstLine(source: string): string {
  const said = source.split("\n").map((line) => line.trim());
  const line = printableLine(said.find((line) => line !== "" && !/^\/[/*]/.test(line)) ?? said[0] ?? "");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
