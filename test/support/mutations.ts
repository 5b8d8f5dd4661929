import type { RandomStream } from "#src/numerics/random.js";
import type { Message } from "#src/workflow/message.js";

/** A reply as a client may never send it. */
export interface Mutation {
  /** What was done to it, for the message of a test. */
  readonly what: string;
  /** Whether no reader may take the result, as what is wrong with it can be seen. */
  readonly isWrong: boolean;
  /** The reply that goes out instead; throws what the client throws. */
  readonly reply: () => unknown;
}

/** What is no message at all. */
const JUNK: readonly unknown[] = [undefined, null, 5, "reply", [], {}, { kind: "handshake" }, () => 1];

/** What is no array of a message. */
const NO_ARRAYS: readonly unknown[] = [
  null,
  7,
  "values",
  [1, 2],
  {},
  { dtype: "float64", shape: [1], data: ["1"] },
  { dtype: "float64", shape: "1", data: new Float64Array(1) },
  { dtype: "text", shape: [1], data: ["1"] },
  { dtype: "float64", shape: [1] },
  { dtype: "float64", shape: [-1], data: new Float64Array(1) },
  { dtype: "float64", shape: [2 ** 40, 2 ** 40], data: new Float64Array(1) },
];

const NO_NUMBERS: readonly unknown[] = [
  undefined,
  null,
  "3",
  NaN,
  Infinity,
  [1],
  {},
  1e300,
  10n,
  Symbol.iterator,
];
const NO_TEXTS: readonly unknown[] = [
  undefined,
  null,
  3,
  {},
  [7],
  "x".repeat(100_000),
  ["x".repeat(100_000)],
];

/**
 * One way to break a reply.
 *
 * @param earlier what the same client answered before, of the same kind as the last of it
 */
export function mutate(reply: Message, earlier: readonly Message[], random: RandomStream): Mutation {
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const sent = (what: string, broken: unknown, isWrong = true): Mutation => ({
    what,
    isWrong,
    reply: () => broken,
  });
  const ways: (() => Mutation | null)[] = [
    () => sent("junk for a message", one(JUNK)),
    () => sent("another kind", { ...reply, kind: one(["handshake2", "clustering/sums", "", "toString"]) }),
    () => sent("another exchange", { ...reply, exchange: one([0, -1, 1e9, NaN, "1", undefined]) }),
    () => (earlier.length === 0 ? null : sent("an old reply", one(earlier))),
    () => ({
      what: "an exception",
      isWrong: true,
      reply: () => {
        throw one<unknown>([undefined, null, "\u001b[2J", new TypeError("x\ny"), { message: 3 }]);
      },
    }),
    () => mutateArray(reply, random, one),
    () => mutateArray(reply, random, one),
    () => mutateArray(reply, random, one),
    () => mutateScalar(reply, one),
    () => mutateScalar(reply, one),
  ];
  for (;;) {
    const mutation = one(ways)();
    if (mutation !== null) return mutation;
  }
}

function mutateArray(
  reply: Message,
  random: RandomStream,
  one: <T>(list: readonly T[]) => T,
): Mutation | null {
  const names = Object.keys(reply.arrays);
  if (names.length === 0) return null;
  const name = one(names);
  const array = reply.arrays[name];
  const { shape, data } = array;
  const whole = (what: string, broken: unknown): Mutation => {
    const message = { ...reply, arrays: { ...reply.arrays, [name]: broken } };
    return { what: `${name}: ${what}`, isWrong: true, reply: () => message };
  };
  const element = (value: number, isWrong: boolean): Mutation | null => {
    if (data.length === 0) return null;
    const changed = data.slice();
    changed[random.integer(changed.length)] = value;
    return { ...whole(`an element ${value}`, { ...array, data: changed }), isWrong };
  };
  const ways: (() => Mutation | null)[] = [
    () => whole("no array", one(NO_ARRAYS)),
    () => whole("is missing", undefined),
    () => whole("is shorter than its shape", { ...array, data: new Float64Array(data.length + 1) }),
    () => whole("has another rank", { ...array, shape: [...shape, 1] }),
    () =>
      data.length === 0
        ? null
        : whole("is cut", { ...array, shape: shape.map(() => 0), data: data.slice(0, 0) }),
    ...(array.dtype === "float64"
      ? [
          () => element(one([NaN, Infinity, -Infinity, 1e300, -1e300, 1e295]), true),
          () => element(one([1e60, -1e60, 1e-300, -1, 1e9]), false),
        ]
      : [() => element(one([-7, 2 ** 31 - 1, -(2 ** 31)]), true), () => element(one([0, 1, 2, 3]), false)]),
  ];
  return one(ways)();
}

function mutateScalar(reply: Message, one: <T>(list: readonly T[]) => T): Mutation | null {
  const names = Object.keys(reply.scalars);
  if (names.length === 0) return null;
  const name = one(names);
  const value = reply.scalars[name];
  const set = (broken: unknown, isWrong: boolean): Mutation => {
    const message = { ...reply, scalars: { ...reply.scalars, [name]: broken } };
    return { what: `${name}: ${String(broken).slice(0, 40)}`, isWrong, reply: () => message };
  };
  if (typeof value !== "number") return set(one(NO_TEXTS), true);
  const isCount = name.startsWith("n_");
  const ways = [
    () => set(one(NO_NUMBERS), true),
    () => set(one([-1, 0.5, 2 ** 53 - 1, 2 ** 31, value + 1]), isCount),
    () => set(one([0, 1e100, value * 1000]), false),
  ];
  return one(ways)();
}
