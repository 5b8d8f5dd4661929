import type { ClientSource } from "#src/federation/client/client-source.js";
import type { SimulatedClient } from "#src/federation/client/recording-client.js";

/** What a client does instead of answering. */
export interface Misdeed {
  what: "throw" | "hang" | "exit" | "crash" | "babble" | "never" | "write slowly";
  /** The kind of request that brings it on. */
  on: string;
  /** How often; one shared integer, so that it counts on through new threads. */
  left: Int32Array;
}

export interface UnrulySource extends ClientSource {
  misdeed: Misdeed | null;
}

export function misdeed(what: Misdeed["what"], on: string, times: number): Misdeed {
  return { what, on, left: new Int32Array(new SharedArrayBuffer(4)).fill(times) };
}

/** Milliseconds to write a log. */
const SLOWLY = 20;

/** A client that misbehaves as told, and answers like any other once it is done with that. */
export function unruly(client: SimulatedClient, misdeed: Misdeed | null): SimulatedClient {
  if (misdeed === null) return client;
  const { what } = misdeed;
  const records: Omit<SimulatedClient, "answer"> = {
    name: client.name,
    answerOfRows: (request) => client.answerOfRows(request),
    record: (record) => client.record(record),
    flush: () => client.flush(),
    written: () => client.written(),
  };
  if (what === "write slowly") {
    const flush = () => {
      const began = performance.now();
      while (performance.now() - began < SLOWLY);
      client.flush();
    };
    return { ...records, answer: (request) => client.answer(request), flush };
  }
  return {
    ...records,
    answer(request) {
      if (request.kind !== misdeed.on || Atomics.sub(misdeed.left, 0, 1) <= 0) return client.answer(request);
      switch (what) {
        case "throw":
          throw new Error("the disk\n  is full");
        case "hang":
          for (;;);
        case "exit":
          process.exit(3);
          break;
        case "crash":
          setImmediate(() => {
            throw new Error("out of cheese");
          });
          return new Promise(() => {});
        case "babble":
          return { kind: request.kind, arrays: {}, scalars: {} };
        case "never":
          return new Promise(() => {});
      }
    },
  };
}
