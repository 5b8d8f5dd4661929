import type { Worker } from "node:worker_threads";
import type { ClientSource } from "../../client/client-source.js";
import type { FromWorker } from "./protocol.js";

/** Some clients and the thread that runs them, once there is one. */
export interface Slot {
  sources: ClientSource[];
  worker: Worker | null;
  /** The clients last asked, in the order in which they answer. */
  asked: readonly string[];
  /** (1,) shared with the worker: index into `asked` of the client at work. */
  readonly progress: Int32Array<SharedArrayBuffer>;
  /** Index of its thread in the pool; null for one that took the place of another, which is on its own. */
  poolIndex: number | null;
}

/** Clients whose thread is yet to start. */
export function idleSlot(sources: ClientSource[], poolIndex: number | null): Slot {
  return { sources, worker: null, asked: [], progress: new Int32Array(new SharedArrayBuffer(4)), poolIndex };
}

/** Answers that are awaited, of whatever was asked. */
export interface Pending {
  readonly id: number;
  onMessage(slot: Slot, message: FromWorker): void;
  onExit(slot: Slot, reason: string): void;
}
