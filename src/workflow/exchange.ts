import type { Behind } from "./behind.js";
import type { ClientDescription } from "./handshake.js";
import type { LocalData } from "./local-data.js";
import type { Message } from "./message.js";

/** A client that took no part in a round, and why. */
export interface Dropped {
  client: string;
  reason: string;
}

/** What came of one exchange, in client order. */
export interface Gathered<T> {
  clients: string[];
  values: T[];
  dropped: Dropped[];
}

/** One exchange with every client. What `read` throws counts against the client. */
export type Ask = <T>(
  step: string,
  request: Message,
  read: (reply: Message, client: ClientDescription) => T,
) => Promise<Gathered<T>>;

/** How a client answers one kind of request. */
export interface Answer {
  readonly replyKind: string;
  answer(local: LocalData, request: Message): Message;
  /** Of a reply that was just made, while the client still has its points as they were assigned for it. */
  readonly behind: Behind;
}
