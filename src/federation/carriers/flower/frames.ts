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

/** Bytes of a header at most: the first four of any text would be the length of a longer one. */
const LONGEST_HEADER = 2 ** 28;

/**
 * Reads frames until the stream ends.
 *
 * @throws RunError if it ends within a frame, or what comes is none
 */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame, void> {
  const take = takerOf(stream);
  for (let size = await take(4); size !== null; size = await take(4)) {
    const length = size.readUInt32LE();
    if (length > LONGEST_HEADER) throw noFrame();
    const { specs, header } = headerOf(await whole(take, length));
    const arrays: [string, NamedArray | string][] = [];
    for (const [name, dtype, shape, bytes] of specs) {
      const body = await whole(take, bytes);
      arrays.push([name, isKnownType(dtype) ? arrayOf(dtype, shape, body) : dtype]);
    }
    // Not by assignment: a client may name an array as it likes, and an object has names of its own.
    yield { header, arrays: Object.fromEntries(arrays) };
  }
}

/**
 * Writes a frame, and waits until the stream has taken it.
 *
 * @throws what the stream says where nobody reads it any more
 */
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
  const bodies = entries.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  // Copied: an array may be a part of a larger buffer that its owner goes on to use.
  const bytes = Buffer.concat([size, head, ...bodies]);
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function noFrame(): RunError {
  return new RunError("expected frames of the Flower app on standard input, found something else");
}

function headerOf(head: Buffer): { specs: readonly Spec[]; header: Record<string, unknown> } {
  let value: unknown;
  try {
    value = JSON.parse(head.toString());
  } catch {
    throw noFrame();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw noFrame();
  const { arrays: specs, ...header } = value as Record<string, unknown>;
  if (!Array.isArray(specs) || !specs.every(isSpec)) throw noFrame();
  return { specs, header };
}

function isSpec(value: unknown): value is Spec {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [name, dtype, shape, bytes] = value as unknown[];
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 0;
  if (typeof name !== "string" || typeof dtype !== "string" || !isCount(bytes)) return false;
  if (!Array.isArray(shape) || !shape.every(isCount)) return false;
  return !isKnownType(dtype) || (bytes as number) % TYPES[dtype].BYTES_PER_ELEMENT === 0;
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
  if (bytes === null) throw cutShort();
  return bytes;
}

function cutShort(): RunError {
  return new RunError("the frames of the Flower app ended within one");
}

/**
 * Takes so many bytes off a stream; null where it has ended before, with nothing left.
 *
 * @throws RunError if it ends with fewer, but some
 */
function takerOf(stream: Readable): Take {
  const parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return async (length) => {
    const chunks = [rest];
    let have = rest.length;
    while (have < length) {
      const { value, done } = await parts.next();
      if (done && have > 0) throw cutShort();
      if (done) return null;
      chunks.push(value);
      have += value.length;
    }
    const all = chunks.length === 1 ? rest : Buffer.concat(chunks);
    rest = all.subarray(length);
    return all.subarray(0, length);
  };
}
