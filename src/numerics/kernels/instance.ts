import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RandomStream } from "../random.js";

/** The part of the host's WebAssembly that is used; its types otherwise come with those of the DOM only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** What kernels.wasm exports; addresses and counts throughout. See assembly/ for what each takes. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  screen(...args: number[]): void;
  scan(...args: number[]): void;
  record(...args: number[]): void;
  refine(...args: number[]): number;
  ownDistances(...args: number[]): void;
  addRows(...args: number[]): void;
  potentials(...args: number[]): void;
  approach(...args: number[]): void;
  assignDirect(...args: number[]): number;
  drawStart(...args: number[]): number;
  iterateDirect(...args: number[]): number;
  stepCentroids(...args: number[]): number;
  transpose(...args: number[]): void;
  weightedSum(...args: number[]): number;
  spread(...args: number[]): number;
}

const PAGE_BYTES = 65536;
/** The module keeps its few globals below; regions begin above. */
const FIRST_ADDRESS = 1024;

let compiled: object | undefined;
let shared: KernelMemory | undefined;

/** An instance of the kernels, whose memory regions are laid out for one computation after another. */
export class KernelMemory {
  readonly kernels: KernelExports;
  /** What kernels that draw draw from; set before each call of one. */
  random: RandomStream | null = null;
  #layout = 0;

  constructor() {
    compiled ??= new WebAssembly.Module(readFileSync(join(__dirname, "kernels.wasm")));
    const direct = { uniform: () => this.random!.uniform() };
    this.kernels = new WebAssembly.Instance(compiled, { direct }).exports as KernelExports;
  }

  /** The number of the layout that holds: whoever lays out next, writes over it. */
  get layout(): number {
    return this.#layout;
  }

  /**
   * Lays regions out, one after the other, and makes room for them.
   *
   * @param sizes bytes of each region
   * @returns the address of each, a multiple of 16
   */
  layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Record<Name, number> {
    const { memory } = this.kernels;
    let end = FIRST_ADDRESS;
    const addresses = {} as Record<Name, number>;
    for (const name of Object.keys(sizes) as Name[]) {
      addresses[name] = end;
      end += Math.ceil(sizes[name] / 16) * 16;
    }
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#layout += 1;
    return addresses;
  }
}

/** The kernels of this thread, for computations that fill their memory anew each time. */
export function sharedKernels(): KernelMemory {
  shared ??= new KernelMemory();
  return shared;
}
