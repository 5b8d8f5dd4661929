import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The part of the host's WebAssembly that is used; its types otherwise come with those of the DOM only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
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
}

const PAGE_BYTES = 65536;
/** The module keeps its few globals below; regions begin above. */
const FIRST_ADDRESS = 1024;

let kernels: KernelExports | undefined;

/** The kernels of this thread, compiled when first asked for. */
export function kernelsOfThread(): KernelExports {
  if (kernels === undefined) {
    const module = new WebAssembly.Module(readFileSync(join(__dirname, "kernels.wasm")));
    kernels = new WebAssembly.Instance(module).exports as KernelExports;
  }
  return kernels;
}

/**
 * Lays regions out in the thread's kernel memory, one after the other, and makes room for them. They hold until
 * the next layout: whoever computes next writes over them.
 *
 * @param sizes bytes of each region
 * @returns the address of each, a multiple of 16
 */
export function layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Record<Name, number> {
  const { memory } = kernelsOfThread();
  let end = FIRST_ADDRESS;
  const addresses = {} as Record<Name, number>;
  for (const name of Object.keys(sizes) as Name[]) {
    addresses[name] = end;
    end += Math.ceil(sizes[name] / 16) * 16;
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return addresses;
}
