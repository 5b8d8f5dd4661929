import { RunError } from "../../../errors.js";
import { floats, ints, type Message, type NamedArray } from "../../../workflow/message.js";

/** A reply as it is stored. JSON has each finite number as it is, but for -0. */
export interface StoredReply extends Pick<Message, "kind" | "scalars"> {
  readonly arrays: Readonly<Record<string, StoredArray>>;
}

interface StoredArray extends Pick<NamedArray, "dtype" | "shape"> {
  readonly data: readonly number[];
}

/**
 * A reply as it is once it was stored: the first time it is sent it is what it will be whenever it is asked for again.
 *
 * @throws RunError for numbers that are not finite
 */
export function storableReply(reply: Message): Message {
  return replyOf(storedReply(reply));
}

/** @throws RunError for numbers that are not finite */
export function storedReply({ kind, scalars, arrays }: Message): StoredReply {
  return {
    kind,
    scalars: mapped(scalars, (scalar) => (typeof scalar === "number" ? finite(scalar) : scalar)),
    arrays: mapped(arrays, ({ dtype, shape, data }) => ({ dtype, shape, data: Array.from(data, finite) })),
  };
}

export function replyOf({ kind, scalars, arrays }: StoredReply): Message {
  return {
    kind,
    scalars,
    arrays: mapped(arrays, ({ dtype, shape, data }) =>
      dtype === "float64" ? floats(Float64Array.from(data), ...shape) : ints(Int32Array.from(data), ...shape),
    ),
  };
}

function finite(value: number): number {
  if (!Number.isFinite(value))
    throw new RunError(`a noisy answer of finite numbers expected, found ${value}`);
  return value + 0;
}

function mapped<A, B>(named: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value)]));
}
