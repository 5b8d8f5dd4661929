import { basename, relative, sep } from "node:path";
import { writeAndHash } from "../files/atomic-write.js";
import type { FileFingerprint } from "../files/file-hash.js";
import { jsonText } from "./json-text.js";
import { writeNpy } from "./npy.js";

/** How a file of an array is described in the metadata beside it. */
export interface ArrayRecord {
  file: string;
  dtype: string;
  shape: readonly number[];
  /** Of the whole file. */
  sha256: string;
}

/** Writes files of an experiment directory, each whole or not at all, and keeps what its manifest will say of them. */
export class RecordedFiles {
  readonly #directory: string;
  /** What was written, by path relative to the directory. */
  readonly written: Map<string, FileFingerprint> = new Map();

  constructor(directory: string) {
    this.#directory = directory;
  }

  writeArray(path: string, data: Float64Array | BigInt64Array, ...shape: number[]): ArrayRecord {
    const fingerprint = writeAndHash(path, writeNpy({ data, shape }));
    this.add(path, fingerprint);
    return {
      file: basename(path),
      dtype: data instanceof Float64Array ? "float64" : "int64",
      shape,
      sha256: fingerprint.sha256,
    };
  }

  /** @param fields as the file names them */
  writeJson(path: string, fields: object): void {
    this.add(path, writeAndHash(path, jsonText(fields)));
  }

  /** Keeps what another has written, or will. */
  add(path: string, fingerprint: FileFingerprint): void {
    this.written.set(relative(this.#directory, path).replaceAll(sep, "/"), fingerprint);
  }
}
