import type { FileFingerprint } from "../files/file-hash.js";
import type { Dropped } from "../workflow/exchange.js";
import type { Message } from "../workflow/message.js";

export interface ExchangeOptions {
  /** Milliseconds a client may take, once it is its turn; one that has not answered by then has failed. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** What came back from one client: its message, or why there is none. */
export type Reply =
  | { readonly client: string; readonly message: Message }
  | { readonly client: string; readonly error: string };

/** Who takes part in a run, as their first replies say. */
export interface Met {
  /** One of each client. */
  readonly replies: readonly Reply[];
  /** Who was asked and does not take part. */
  readonly leftOut: readonly Dropped[];
}

/** Some clients, and a way to reach them. The server does not know how the messages travel. */
export interface Federation {
  /** Names of all clients, in the order in which replies are combined; none before `meet`, where there is one. */
  readonly clients: readonly string[];
  /**
   * Settles who takes part, where that is known only once they answer, by asking them the first request of a run.
   *
   * @throws RunError if too few can; the signal's reason, once it is aborted
   */
  meet?(request: Message, options: ExchangeOptions): Promise<Met>;
  /**
   * Sends one request to every client and yields a reply for each, in order of arrival, those that arrived together
   * at once. Arrays of a reply may be parts of a larger buffer, which is not to travel with them. A client that fails or misses the deadline yields an error; the others are unharmed.
   *
   * @throws the signal's reason, once it is aborted
   */
  exchange(request: Message, options: ExchangeOptions): AsyncIterable<readonly Reply[]>;
  /** What only works because all clients run on this machine; null where they do not. */
  readonly simulation: Simulation | null;
  /** Ends every thread or connection. */
  close(): Promise<void>;
}

/** Whose budget a run spends at a client, and as which run. */
export interface BudgetOfRun {
  readonly folder: string;
  /** What tells the run from all others. */
  readonly run: string;
  /** Whether it is made where there is none: of a simulation, whose budgets protect nobody. */
  readonly mayBeMade: boolean;
}

/** Where one client keeps its records. They are written by the client, on its side. */
export interface ClientRecord {
  readonly logFile: string;
  /** What it was asked and what of it left, a line a message; null if it is not to be kept. */
  readonly ledgerFile: string | null;
  /** The rows as clustered; null if they are not to be kept. */
  readonly rowsFile: string | null;
  /** The points that stand for the rows, as clustered; null if they are not to be kept. */
  readonly pointsFiles: { readonly points: string; readonly weights: string } | null;
  /** Each row's nearest final mean; null if it is not to be kept. */
  readonly labelsFile: string | null;
  /** Under differential privacy, the folder of its budget, made where there is none; absent: its budget is in memory. */
  readonly budget?: BudgetOfRun;
}

/** What a server may do with clients: ask them. */
export interface Asked extends Pick<Federation, "clients" | "exchange"> {
  readonly simulation?: Pick<Simulation, "unreadable"> | null;
}

export interface Simulation {
  /** The same clients, each of whom answers of its rows, however it protects them from a server. */
  readonly rows: Asked;
  /** What each client has to say of its data, by client; complete once all have answered a request. */
  notices(): ReadonlyMap<string, readonly string[]>;
  /**
   * Why a client could not read its rows for the request that it was last asked, with the line and the cell: what it
   * tells their owner, and no server. null where it could, or failed for another reason.
   */
  unreadable(client: string): string | null;
  /** From now on each client keeps the records named for it. */
  record(records: ReadonlyMap<string, ClientRecord>): void;
  /**
   * Identifies the clients' files by their bytes, on the clients' side. A file that several clients share is read once.
   *
   * @param files one a client, in client order
   * @throws RunError if a file cannot be read; the signal's reason, once it is aborted
   */
  identify(files: readonly string[], signal: AbortSignal): Promise<FileFingerprint[]>;
  /**
   * What the clients wrote, by path, as far as it is known: others may have written the rest. Complete once the
   * federation is closed.
   */
  readonly written: ReadonlyMap<string, FileFingerprint>;
  /**
   * Exact silhouette over the rows that the clients recorded.
   *
   * @param rowsFiles the recorded rows of every client, in client order
   * @param means (k, p) row-major
   * @param k number of means
   * @returns one sum of coefficients a client, in client order
   * @throws the signal's reason, once it is aborted
   */
  silhouetteSums(
    rowsFiles: readonly string[],
    means: Float64Array,
    k: number,
    signal: AbortSignal,
  ): Promise<number[]>;
}
