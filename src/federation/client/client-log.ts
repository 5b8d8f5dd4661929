import { createHash, type Hash } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import { cannotWrite } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import { printableLine } from "../../printable.js";
import type { Message } from "../../workflow/message.js";

/** Milliseconds after which a client writes its log unasked: one of thousands should not do so for every line. */
const LOG_INTERVAL = 30_000;

/** What a client holds and what it sent, a line each with its time. Lines are kept until they are written. */
export class ClientLog {
  #unwritten: string[] = [];
  #written = performance.now();
  #size = 0;
  /** Of all that is in the file; null where another wrote to it before. */
  #hash: Hash | null = createHash("sha256");
  #isBegun = false;

  /** @param file is appended to */
  constructor(readonly file: string) {}

  add(line: string): void {
    this.#unwritten.push(stamped(line));
    if (performance.now() - this.#written > LOG_INTERVAL) this.flush();
  }

  addSent(message: Message): void {
    this.add(sentLine(message));
  }

  flush(): void {
    if (this.#unwritten.length === 0) return;
    if (!this.#isBegun && existsSync(this.file)) this.#hash = null;
    this.#isBegun = true;
    const text = Buffer.from(this.#unwritten.join(""));
    try {
      appendFileSync(this.file, text);
    } catch (error) {
      throw cannotWrite(this.file, error);
    }
    this.#size += text.length;
    this.#hash?.update(text);
    this.#unwritten = [];
    this.#written = performance.now();
  }

  /** What the file holds now; null where that is not known. */
  fingerprint(): FileFingerprint | null {
    if (!this.#isBegun || this.#hash === null) return null;
    return { size: this.#size, sha256: this.#hash.copy().digest("hex") };
  }
}

/*
 * Thousands of clients log the same within milliseconds, one after the other: they share one text, for as much as to
 * write it they would otherwise compute.
 */

let lastStamped = { time: 0, line: "", text: "" };

function stamped(line: string): string {
  const time = Date.now();
  if (lastStamped.time !== time || lastStamped.line !== line) {
    lastStamped = { time, line, text: `${new Date(time).toISOString()} ${printableLine(line)}\n` };
  }
  return lastStamped.text;
}

/** Names and shapes of what was sent last; not the message itself, which may be large. */
let lastSent: { kind: string; scalars: string[]; arrays: { name: string; shape: readonly number[] }[] } = {
  kind: "",
  scalars: [],
  arrays: [],
};
let lastLine = "";

function sentLine(message: Message): string {
  if (isLike(message, lastSent)) return lastLine;
  lastSent = {
    kind: message.kind,
    scalars: Object.keys(message.scalars),
    arrays: Object.entries(message.arrays).map(([name, { shape }]) => ({ name, shape })),
  };
  const arrays = lastSent.arrays.map(({ name, shape }) => `${name} (${shape.join(", ")})`);
  lastLine = `sent ${message.kind}: ${[...lastSent.scalars, ...arrays].join(", ")}`;
  return lastLine;
}

function isLike(message: Message, last: typeof lastSent): boolean {
  if (message.kind !== last.kind) return false;
  let i = 0;
  for (const name in message.scalars) if (last.scalars[i++] !== name) return false;
  if (i !== last.scalars.length) return false;
  i = 0;
  for (const name in message.arrays) {
    const expected = last.arrays[i++];
    if (expected?.name !== name || !isSame(message.arrays[name].shape, expected.shape)) return false;
  }
  return i === last.arrays.length;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}
