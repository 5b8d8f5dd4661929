import type { Uniforms } from "../../random.js";
import type { SharedMemory } from "../../row-helpers.js";
import type { BoundedKernels } from "../bounded/problem.js";
import { FIRST_ADDRESS } from "../constants.js";
import type { DirectKernels } from "../direct/direct-area.js";
import type { SeedingKernels } from "../seeding/potentials.js";
import type { StatisticsKernels } from "../statistics/blocks.js";
import { readCompiledKernels } from "./compiled.js";

/** The part of the host's WebAssembly that is used; its types otherwise come with those of the DOM only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (size: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
};

/** What kernels.wasm exports; addresses and counts throughout. See the .as.ts files for what each takes. */
export interface KernelExports extends BoundedKernels, DirectKernels, SeedingKernels, StatisticsKernels {}

const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;

/** For a memory of one thread, and for one that several share. */
const modules: { alone?: object; shared?: object } = {};
let common: KernelMemory | undefined;

/**
 * Hands the compiled kernels over where they cannot be read from files, as in a browser. To be called first.
 *
 * @param alone kernels.wasm
 * @param shared kernels-shared.wasm, where threads are to help one another
 */
export function loadKernels(alone: Uint8Array, shared?: Uint8Array): void {
  modules.alone = new WebAssembly.Module(alone);
  if (shared !== undefined) modules.shared = new WebAssembly.Module(shared);
}

function compile(isShared: boolean): object {
  const load = () => new WebAssembly.Module(readCompiledKernels(isShared));
  return isShared ? (modules.shared ??= load()) : (modules.alone ??= load());
}

/** Kernels that work in a memory. */
function instantiate(memory: SharedMemory, isShared: boolean, uniform: () => number): KernelExports {
  const imports = { env: { memory }, "draw-start.as": { uniform } };
  return new WebAssembly.Instance(compile(isShared), imports).exports as KernelExports;
}

/**
 * Kernels that work in a memory that another thread shares.
 *
 * @param member which of the threads this is, from 1 to `MOST_THREADS`; 0 is the one whose memory it is
 */
export function kernelsIn(memory: SharedMemory, member: number): KernelExports {
  const kernels = instantiate(memory, true, () => 0);
  kernels.joinAs(member);
  return kernels;
}

/** An instance of the kernels, whose memory regions are laid out for one computation after another. */
export class KernelMemory {
  readonly kernels: KernelExports;
  /** What kernels that draw draw from; set before each call of one. */
  random: Uniforms | null = null;
  /** Whether other threads can work in it too. */
  readonly isShared: boolean;
  readonly #memory: SharedMemory;
  #reservedBytes = 0;
  #layout = 0;

  /**
   * @param bytes there is room for at first
   * @param isShared whether other threads are to work in it too
   * @throws RangeError if the system has no such memory left
   */
  constructor(bytes = 0, isShared = false) {
    const initial = Math.ceil((FIRST_ADDRESS + bytes) / PAGE_BYTES);
    this.isShared = isShared;
    this.#memory = reserveMemory(initial, isShared);
    this.kernels = instantiate(this.#memory, isShared, () => this.random!.uniform());
  }

  /** What other threads need to work in it, where it is shared. */
  get host(): SharedMemory {
    return this.#memory;
  }

  /** The memory as it is; where it must grow for a layout, views of it from before are of length 0. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Bytes from FIRST_ADDRESS on that no layout touches, and for whose sake the memory does not grow. */
  reserve(bytes: number): void {
    this.#reservedBytes = bytes;
  }

  /** Whether regions can be laid out. */
  hasRoomFor(sizes: Readonly<Record<string, number>>): boolean {
    const end = Object.values(sizes).reduce((sum, size) => sum + alignUp(size), this.#firstRegion);
    return end <= (this.#reservedBytes > 0 ? this.buffer.byteLength : MOST_PAGES * PAGE_BYTES);
  }

  get #firstRegion(): number {
    return alignUp(FIRST_ADDRESS + this.#reservedBytes);
  }

  /** The number of the layout that holds: whoever lays out next, writes over it. */
  get layout(): number {
    return this.#layout;
  }

  /**
   * Lays regions out, one after the other, and makes room for them.
   *
   * @param sizes bytes of each region
   * @returns the address of each, a multiple of 16; 0 of a region of no bytes
   * @throws RangeError if it has no room for them
   */
  layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Record<Name, number> {
    if (!this.hasRoomFor(sizes)) {
      const bytes = Object.values<number>(sizes).reduce((sum, size) => sum + size, this.#reservedBytes);
      throw new RangeError(
        `the kernels' memory has no room left: ${(bytes / 2 ** 30).toFixed(1)} GiB are needed, of 4 at most; ` +
          "fewer features, clusters, or rows of a client will fit",
      );
    }
    let end = this.#firstRegion;
    const addresses = {} as Record<Name, number>;
    for (const name of Object.keys(sizes) as Name[]) {
      addresses[name] = sizes[name] === 0 ? 0 : end;
      end += alignUp(sizes[name]);
    }
    const missing = end - this.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#layout += 1;
    return addresses;
  }
}

function alignUp(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** The kernels of this thread, for computations that fill their memory anew each time. */
export function sharedKernels(): KernelMemory {
  common ??= new KernelMemory();
  return common;
}

function reserveMemory(initial: number, shared: boolean): SharedMemory {
  try {
    return new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared });
  } catch (error) {
    // The system's own words name neither what there is too little of nor what may limit it.
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `the system gives the kernels no memory of ${Math.ceil((initial * PAGE_BYTES) / 2 ** 20)} MiB: each of theirs ` +
        "also reserves some 10 GiB of addresses, more than a limit on them (ulimit -v) may leave",
    );
  }
}
