import type { KernelMemory } from "./instance.js";

/** Where the fields of a class of the kernels lie: see layouts.ts. */
interface Layout {
  readonly bytes: number;
  readonly f64: Readonly<Record<string, number>>;
  readonly i32: Readonly<Record<string, number>>;
  readonly usize: Readonly<Record<string, number>>;
}

/** A value for each field; of `usize`, addresses. */
export type Fields<L extends Layout> = Record<keyof (L["f64"] & L["i32"] & L["usize"]), number>;

/** What kernels are given, in their memory: the fields of a class of theirs, by name. */
export class Struct<L extends Layout> {
  readonly address: number;
  readonly #layout: L;
  readonly #floats: Float64Array;
  readonly #words: Int32Array;

  /**
   * @param address a multiple of 8
   * @param fields all of them
   */
  constructor(layout: L, memory: KernelMemory, address: number, fields: Fields<L>) {
    this.address = address;
    this.#layout = layout;
    this.#floats = new Float64Array(memory.buffer, address, layout.bytes / 8);
    this.#words = new Int32Array(memory.buffer, address, layout.bytes / 4);
    this.set(fields);
  }

  /** Writes some fields. */
  set(fields: Partial<Fields<L>>): void {
    const { f64, i32, usize } = this.#layout;
    for (const name in fields) {
      const value = fields[name]!;
      if (name in f64) this.#floats[f64[name]] = value;
      // An address beyond 2 GiB keeps its bits.
      else this.#words[i32[name] ?? usize[name]] = value;
    }
  }
}
