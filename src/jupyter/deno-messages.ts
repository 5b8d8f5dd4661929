import { setTimeout as sleep } from "node:timers/promises";
import { type CellError, cellError } from "./cell-error.js";
import { explainSyntax } from "./deno-syntax.js";
import { framesBeside, readMessage } from "./jupyter-message.js";
import type { Change } from "./relay.js";

/**
 * Milliseconds that a cell's answer and its last message wait for each other. Deno sends them within a few; were one
 * lost, the other must not be.
 */
const PATIENCE = 2000;

/** Cells of which what passed is kept: a client may be told later than another. */
const KEPT = 100;

/** What has passed of a cell. */
interface Cell {
  code: string;
  /** What was published of its failure. */
  error: CellError | null;
  /** Settled once Deno has answered. */
  answered: Deferred<{ status?: string }>;
  /** Settled once all that Deno publishes of it has passed: why it failed, or null. */
  ended: Deferred<Promise<CellError | null>>;
}

/**
 * Repairs what Deno's kernel says of cells that fail: of one that does not compile nothing is published, and one with
 * a rejection that nobody awaits counts as done.
 *
 * @param deno its program
 * @param key signs messages
 * @returns the changes of messages to clients
 */
export function repairMessages(deno: string, key: string): { shell: Change; iopub: Change } {
  const cells = new Map<string, Cell>();
  const cellOf = (id: string): Cell => {
    const known = cells.get(id);
    if (known !== undefined) return known;
    const cell: Cell = { code: "", error: null, answered: deferred(), ended: deferred() };
    cells.set(id, cell);
    const [oldest] = cells.keys();
    if (cells.size > KEPT) cells.delete(oldest);
    return cell;
  };

  const iopub: Change = async (frames) => {
    const message = readMessage(frames, ["execute_input", "error", "status"]);
    const id = message?.parent.msg_id;
    if (message === null || id === undefined) return [frames];
    const { header, content } = message;
    if (header.msg_type === "execute_input") cellOf(id).code = String(content.code);
    if (header.msg_type === "error") {
      const error = withoutPlaces(content as unknown as CellError);
      cellOf(id).error = error;
      return [framesBeside(key, message, "error", error)];
    }
    const cell = cells.get(id);
    if (content.execution_state !== "idle" || cell === undefined) return [frames];
    const answer = await inTime(cell.answered.promise);
    const isUntold = answer?.status === "error" && cell.error === null;
    cell.ended.resolve(isUntold ? explainSyntax(deno, cell.code) : Promise.resolve(cell.error));
    return isUntold ? [framesBeside(key, message, "error", (await cell.ended.promise)!), frames] : [frames];
  };

  const shell: Change = async (frames) => {
    const message = readMessage(frames, ["execute_reply"]);
    const id = message?.parent.msg_id;
    if (message === null || id === undefined) return [frames];
    const cell = cellOf(id);
    cell.answered.resolve(message.content);
    const error = await inTime(cell.ended.promise);
    if (error === undefined || error === null) return [frames];
    const { execution_count } = message.content;
    return [framesBeside(key, message, "execute_reply", { status: "error", execution_count, ...error })];
  };
  return { shell, iopub };
}

/** Deno counts lines of what it makes of a cell, which has fewer of them than the cell where types are declared. */
function withoutPlaces({ ename, evalue, traceback }: CellError): CellError {
  const below = traceback.slice(evalue.split("\n").length).filter((line) => !/^ *at /.test(line));
  return cellError(ename, evalue, below);
}

interface Deferred<T> {
  promise: Promise<Awaited<T>>;
  resolve(value: T): void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise: promise as Promise<Awaited<T>>, resolve };
}

/** What a promise gives, or undefined if it does not in time. */
function inTime<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, sleep(PATIENCE, undefined)]);
}
