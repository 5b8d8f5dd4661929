import type { FileFingerprint } from "../../../files/file-hash.js";
import type { SharedMemory } from "../../../numerics/row-helpers.js";
import type { Message } from "../../../workflow/message.js";
import type { ClientSource } from "../../client/client-source.js";
import type { ClientRecord, Reply } from "../../federation.js";
import type { ControlBlock } from "./control-block.js";
import type { PackedReplies } from "./packing.js";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly sources: readonly ClientSource[];
  readonly records: ReadonlyMap<string, ClientRecord>;
  /** (1,) shared: index, among the clients asked, of the one at work. */
  readonly progress: Int32Array<SharedArrayBuffer>;
  /** The pool of threads that help one another, and its index there; null where it is on its own. */
  readonly pool: { readonly block: ControlBlock; readonly thread: number } | null;
}

/** From a worker, by way of the server's thread, to all others of its pool. */
export interface MemoryNotice {
  readonly type: "memory";
  readonly memoryId: number;
  readonly memory: SharedMemory;
}

/** From the server's thread to a worker. Clients answer in the order named. */
export type ToWorker =
  | {
      readonly type: "exchange";
      readonly id: number;
      readonly clients: readonly string[];
      readonly request: Message;
      /** Whether they are asked of their rows, as only a simulation may. */
      readonly ofRows: boolean;
    }
  | { readonly type: "record"; readonly records: ReadonlyMap<string, ClientRecord> }
  | { readonly type: "close" }
  | { readonly type: "identify"; readonly id: number; readonly files: readonly string[] }
  | MemoryNotice
  | {
      readonly type: "silhouette";
      readonly id: number;
      readonly rowsFiles: readonly string[];
      readonly wanted: readonly number[];
      readonly means: Float64Array;
      readonly k: number;
    };

/** From a worker to the server's thread. */
export type FromWorker =
  | MemoryNotice
  /** What its clients have to say of their data; before any reply. */
  | { readonly type: "notices"; readonly notices: readonly (readonly [string, readonly string[]])[] }
  /** Why a client cannot read its rows, for its owner; before the reply that it cannot. */
  | { readonly type: "unreadable"; readonly client: string; readonly reason: string }
  /** Its last message: what its clients wrote. */
  | { readonly type: "written"; readonly written: ReadonlyMap<string, FileFingerprint> }
  | { readonly type: "replies"; readonly id: number; readonly replies: readonly Reply[] }
  /** Clients by their place among those asked. */
  | { readonly type: "packed"; readonly id: number; readonly packed: PackedReplies }
  | {
      readonly type: "identified";
      readonly id: number;
      readonly files: ReadonlyMap<string, FileFingerprint>;
      readonly error: string | null;
    }
  | {
      readonly type: "silhouette";
      readonly id: number;
      readonly wanted: readonly number[];
      readonly sums: readonly number[];
      readonly error: string | null;
    };
