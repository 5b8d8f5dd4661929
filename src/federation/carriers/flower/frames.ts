import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { RunError } from "../../../errors.js";
import type { NamedArray } from "../../../workflow/message.js";

/*
 * Frames on a pipe: the length of a JSON header (uint32), the header, and the bytes of the arrays that it lists, each as
 * [name, dtype, shape, bytes]. All little-endian, in C order. flower/fedkmeans_flower/frames.py is the other side.
 */

/** What travels between this program and the Python app beside it. */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  /** An array of an element type that messages do not have is a text that names the type. */
  readonly arrays: Readonly<Record<string, NamedArray | string>>;
}

type Spec = readonly [name: string, dtype: string, shape: readonly number[], bytes: number];

const TYPES = { float64: Float64Array, int32: Int32Array } as const;
const isKnownType = (dtype: string): dtype is keyof typeof TYPES => Object.hasOwn(TYPES, dtype);

/**
 * Reads frames until the stream ends.
 *
 * @throws RunError if it ends within a frame, or what comes is none
 */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame, void> {
  const take = takerOf(stream);
  for (let size = await take(4); size !== null; size = await take(4)) {
    const head = await whole(take, size.readUInt32LE());
    const { arrays: specs, ...header } = headerOf(head);
    const arrays: Record<string, NamedArray | string> = {};
    for (const [name, dtype, shape, length] of specs) {
      const bytes = await whole(take, length);
      arrays[name] = isKnownType(dtype) ? arrayOf(dtype, shape, bytes) : dtype;
    }
    yield { header, arrays };
  }
}

/** Writes a frame, and waits until the stream takes more. */
export async function writeFrame(
  stream: Writable,
  header: Readonly<Record<string, unknown>>,
  arrays: Readonly<Record<string, NamedArray>> = {},
): Promise<void> {
  const entries = Object.entries(arrays);
  const specs = entries.map(([name, { dtype, shape, data }]): Spec => [name, dtype, shape, data.byteLength]);
  const head = Buffer.from(JSON.stringify({ ...header, arrays: specs }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  // Copied: an array may be a part of a larger buffer that its owner goes on to use.
  const bodies = entries.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  if (!stream.write(Buffer.concat([size, head, ...bodies]))) await once(stream, "drain");
}

function headerOf(head: Buffer): Record<string, unknown> & { arrays: readonly Spec[] } {
  try {
    return JSON.parse(head.toString());
  } catch {
    throw new RunError(`expected frames on standard input, found something else`);
  }
}

function arrayOf(dtype: keyof typeof TYPES, shape: readonly number[], bytes: Buffer): NamedArray {
  // Of its own, so that elements lie where their type wants them.
  const { buffer } = new Uint8Array(bytes);
  return dtype === "float64"
    ? { dtype, shape, data: new Float64Array(buffer) }
    : { dtype, shape, data: new Int32Array(buffer) };
}

type Take = (length: number) => Promise<Buffer | null>;

async function whole(take: Take, length: number): Promise<Buffer> {
  const bytes = length === 0 ? Buffer.alloc(0) : await take(length);
  if (bytes === null) throw new RunError("the stream of frames ended within one");
  return bytes;
}

/** Takes so many bytes off a stream; null where it has ended before. */
function takerOf(stream: Readable): Take {
  const parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return async (length) => {
    const chunks = [rest];
    let have = rest.length;
    while (have < length) {
      const { value, done } = await parts.next();
      if (done) return null;
      chunks.push(value);
      have += value.length;
    }
    const all = chunks.length === 1 ? rest : Buffer.concat(chunks);
    rest = all.subarray(length);
    return all.subarray(0, length);
  };
}
