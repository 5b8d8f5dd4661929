import type { KernelExports, KernelMemory } from "./instance.js";

/** See row-block.as.ts. */
export type RowBlock = Readonly<Record<Field, number>>;

const FIELDS = ["rows", "weights", "m", "d"] as const;
type Field = (typeof FIELDS)[number];

function layoutIn({ kernels }: KernelMemory): StructLayout<Field> {
  return structLayout(kernels, "RowBlock", FIELDS);
}

/** Bytes that a block takes, without its rows. */
export function rowBlockBytes(memory: KernelMemory): number {
  return layoutIn(memory).bytes;
}

/** What writes blocks to an address, one after the other. */
export function rowBlockWriter(memory: KernelMemory, address: number): (block: RowBlock) => void {
  const { bytes, offsets } = layoutIn(memory);
  const words = new Uint32Array(memory.buffer, address, bytes / 4);
  return ({ rows, weights, m, d }) => {
    words[offsets.rows >> 2] = rows;
    words[offsets.weights >> 2] = weights;
    words[offsets.m >> 2] = m;
    words[offsets.d >> 2] = d;
  };
}

/** Where the fields of an `@unmanaged` class of the kernels lie. */
interface StructLayout<Field extends string> {
  readonly bytes: number;
  /** Bytes from the struct's address on. */
  readonly offsets: Readonly<Record<Field, number>>;
}

/** The same in every instance of the kernels. */
const layouts = new Map<string, StructLayout<string>>();

/**
 * The layout of a class, as the kernels say: they a constant `Class_field_type` for each field, and `Class_bytes`
 * (see scripts/export-layouts.mjs).
 *
 * @param fields of the class, in any order
 * @throws TypeError if the kernels were compiled with other fields
 */
function structLayout<Field extends string>(
  kernels: KernelExports,
  name: string,
  fields: readonly Field[],
): StructLayout<Field> {
  let layout = layouts.get(name);
  if (layout === undefined) {
    layout = readLayout(kernels, name);
    const found = Object.keys(layout.offsets);
    if (found.length !== fields.length || !fields.every((field) => found.includes(field))) {
      throw new TypeError(
        `fields of the kernels' ${name}: expected ${fields.join(" ")}, found ${found.join(" ")}`,
      );
    }
    layouts.set(name, layout);
  }
  return layout as StructLayout<Field>;
}

function readLayout(kernels: object, name: string): StructLayout<string> {
  const offsets: Record<string, number> = {};
  for (const [exported, constant] of Object.entries(kernels)) {
    const [struct, field, type] = exported.split("_");
    if (struct === name && type !== undefined) offsets[field] = constant.value;
  }
  return { bytes: (kernels as Record<string, { value: number }>)[`${name}_bytes`].value, offsets };
}
