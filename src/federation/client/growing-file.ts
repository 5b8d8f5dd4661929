import { createHash, type Hash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { cannotWrite } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";

/** Milliseconds after which lines are written unasked: one of thousands of clients should not do so for every line. */
const INTERVAL = 30_000;
const LINE_FEED = 0x0a;

/** A text file to which lines are added, kept until they are written. */
export class GrowingFile {
  #unwritten: string[] = [];
  #written = performance.now();
  #size = 0;
  /** Of all that is in the file; null where another wrote to it before. */
  #hash: Hash | null = createHash("sha256");
  #isBegun = false;

  /** @param file is appended to */
  constructor(readonly file: string) {}

  /** @param line with its line feed */
  add(line: string): void {
    this.#unwritten.push(line);
    if (performance.now() - this.#written > INTERVAL) this.flush();
  }

  flush(): void {
    if (this.#unwritten.length === 0) return;
    const text = Buffer.from(this.#unwritten.join(""));
    try {
      if (!this.#isBegun && existsSync(this.file)) this.#goOn();
      this.#isBegun = true;
      appendFileSync(this.file, text);
    } catch (error) {
      throw cannotWrite(this.file, error);
    }
    this.#size += text.length;
    this.#hash?.update(text);
    this.#unwritten = [];
    this.#written = performance.now();
  }

  /** Whoever wrote to the file before may have been killed in the midst of a line. */
  #goOn(): void {
    this.#hash = null;
    const bytes = readFileSync(this.file);
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    if (whole < bytes.length) truncateSync(this.file, whole);
  }

  /** What the file holds now; null where that is not known. */
  fingerprint(): FileFingerprint | null {
    if (!this.#isBegun || this.#hash === null) return null;
    return { size: this.#size, sha256: this.#hash.copy().digest("hex") };
  }
}
