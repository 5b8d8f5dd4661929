import type { Message } from "../../workflow/message.js";
import type { ClientSource } from "../client-source.js";
import type { ClientRecord, Reply } from "../federation.js";
import type { PackedReplies } from "./packing.js";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly sources: readonly ClientSource[];
  readonly records: ReadonlyMap<string, ClientRecord>;
  /** (1,) shared: index, among the clients asked, of the one at work. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** From the server's thread to a worker. Clients answer in the order named. */
export type ToWorker =
  | {
      readonly type: "exchange";
      readonly id: number;
      readonly clients: readonly string[];
      readonly request: Message;
    }
  | { readonly type: "record"; readonly records: ReadonlyMap<string, ClientRecord> }
  | { readonly type: "close" }
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
  | { readonly type: "replies"; readonly id: number; readonly replies: readonly Reply[] }
  /** Clients by their place among those asked. */
  | { readonly type: "packed"; readonly id: number; readonly packed: PackedReplies }
  | {
      readonly type: "silhouette";
      readonly id: number;
      readonly wanted: readonly number[];
      readonly sums: readonly number[];
      readonly error: string | null;
    };
