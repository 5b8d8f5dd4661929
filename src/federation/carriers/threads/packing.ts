import type { Message, NamedArray } from "../../../workflow/message.js";
import type { Reply } from "../../federation.js";

/** What messages have in common whose numbers alone differ. */
interface Form {
  readonly kind: string;
  readonly exchange: number | undefined;
  readonly scalars: readonly string[];
  readonly arrays: readonly {
    readonly name: string;
    readonly dtype: NamedArray["dtype"];
    readonly rank: number;
  }[];
}

/** Many replies in few arrays: to clone or hand over thousands of small ones takes longer than to compute them. */
export interface PackedReplies {
  readonly forms: readonly Form[];
  /** For each reply: index of its form, index of its client, its scalars, the shapes of its arrays. */
  readonly heads: Float64Array<ArrayBuffer>;
  /** The elements of all arrays, one after the other. */
  readonly floats: Float64Array<ArrayBuffer>;
  readonly ints: Int32Array<ArrayBuffer>;
  /** Replies that are no messages, or have scalars that are no numbers. */
  readonly rest: readonly Reply[];
}

/**
 * @param replies whose `client` is at `clients[i]`
 * @param clients indices of the replies' clients, as the thread that unpacks them counts clients
 */
export function packReplies(replies: readonly Reply[], clients: readonly number[]): PackedReplies {
  const forms: Form[] = [];
  const heads: number[] = [];
  const parts: NamedArray[] = [];
  const rest: Reply[] = [];
  let nFloats = 0;
  let nInts = 0;
  for (const [i, reply] of replies.entries()) {
    if ("error" in reply || !hasNumbersOnly(reply.message.scalars)) {
      rest.push(reply);
      continue;
    }
    const { message } = reply;
    if (forms.length === 0 || !hasForm(message, forms[forms.length - 1])) forms.push(formOf(message));
    heads.push(forms.length - 1, clients[i]);
    for (const name in message.scalars) heads.push(message.scalars[name] as number);
    for (const name in message.arrays) {
      const array = message.arrays[name];
      for (const size of array.shape) heads.push(size);
      if (array.dtype === "float64") nFloats += array.data.length;
      else nInts += array.data.length;
      parts.push(array);
    }
  }
  const floats = new Float64Array(nFloats);
  const ints = new Int32Array(nInts);
  nFloats = nInts = 0;
  for (const { dtype, data } of parts) {
    if (dtype === "float64") {
      floats.set(data, nFloats);
      nFloats += data.length;
    } else {
      ints.set(data, nInts);
      nInts += data.length;
    }
  }
  return { forms, heads: new Float64Array(heads), floats, ints, rest };
}

/** @param clients names, by the indices that `packReplies` was given */
export function unpackReplies(packed: PackedReplies, clients: readonly string[]): Reply[] {
  const { forms, heads, floats, ints } = packed;
  const replies: Reply[] = [...packed.rest];
  const shapes = forms.map(({ arrays }) => arrays.map((): readonly number[] => []));
  let nFloats = 0;
  let nInts = 0;
  for (let at = 0; at < heads.length; ) {
    const form = forms[heads[at]];
    const lastShapes = shapes[heads[at++]];
    const client = clients[heads[at++]];
    const scalars: Record<string, number> = {};
    for (const name of form.scalars) scalars[name] = heads[at++];
    const arrays: Record<string, NamedArray> = {};
    for (let i = 0; i < form.arrays.length; i++) {
      const { name, dtype, rank } = form.arrays[i];
      const shape = shapeAt(heads, at, rank, lastShapes[i]);
      lastShapes[i] = shape;
      at += rank;
      const length = product(shape);
      if (dtype === "float64") {
        arrays[name] = { dtype, shape, data: floats.subarray(nFloats, nFloats + length) };
        nFloats += length;
      } else {
        arrays[name] = { dtype, shape, data: ints.subarray(nInts, nInts + length) };
        nInts += length;
      }
    }
    const { kind, exchange } = form;
    const message: Message = { kind, arrays, scalars };
    replies.push({ client, message: exchange === undefined ? message : { ...message, exchange } });
  }
  return replies;
}

/** A shape read from `heads`: the last one itself where it is the same, as it is for most of thousands of replies. */
function shapeAt(heads: Float64Array, at: number, rank: number, last: readonly number[]): readonly number[] {
  let isSame = last.length === rank;
  for (let axis = 0; axis < rank && isSame; axis++) isSame = heads[at + axis] === last[axis];
  return isSame ? last : Array.from(heads.subarray(at, at + rank));
}

function product(shape: readonly number[]): number {
  let length = 1;
  for (let axis = 0; axis < shape.length; axis++) length *= shape[axis];
  return length;
}

function hasNumbersOnly(scalars: Message["scalars"]): boolean {
  for (const name in scalars) if (typeof scalars[name] !== "number") return false;
  return true;
}

function formOf({ kind, exchange, scalars, arrays }: Message): Form {
  return {
    kind,
    exchange,
    scalars: Object.keys(scalars),
    arrays: Object.entries(arrays).map(([name, { dtype, shape }]) => ({ name, dtype, rank: shape.length })),
  };
}

function hasForm(message: Message, form: Form): boolean {
  if (message.kind !== form.kind || message.exchange !== form.exchange) return false;
  let i = 0;
  for (const name in message.scalars) if (form.scalars[i++] !== name) return false;
  if (i !== form.scalars.length) return false;
  i = 0;
  for (const name in message.arrays) {
    const expected = form.arrays[i++];
    const { dtype, shape } = message.arrays[name];
    if (expected?.name !== name || expected.dtype !== dtype || expected.rank !== shape.length) return false;
  }
  return i === form.arrays.length;
}
