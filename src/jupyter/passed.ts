import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** Milliseconds that a message of a megabyte may take to pass; more than that is not waited for. */
const PER_MEGABYTE = 2000;

/** Tells Deno when a large message has reached every client. */
export interface Passed {
  port: number;
  /** To be called when a client has connected, or has gone. */
  count(change: 1 | -1): void;
  /** To be called for each message to each client, with the bytes of its content. */
  note(size: number): void;
}

/**
 * Listens for Deno, which says here how large a message is that it is about to publish. A byte says that this is known;
 * the end of the connection, that the message has passed.
 */
export async function listenForLarge(host: string): Promise<Passed> {
  let clients = 0;
  const awaited: { size: number; missing: number; socket: Socket }[] = [];
  const settle = (entry: (typeof awaited)[number]) => {
    const at = awaited.indexOf(entry);
    if (at >= 0) awaited.splice(at, 1);
    entry.socket.end();
  };
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (data) => {
      const size = Number(data.toString());
      const entry = { size, missing: clients, socket };
      if (clients > 0) awaited.push(entry);
      socket.write(".");
      if (clients === 0) socket.end();
      const timer = setTimeout(() => settle(entry), 1000 + (PER_MEGABYTE * size) / 1e6);
      socket.on("close", () => clearTimeout(timer));
    });
  }).listen(0, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    count(change) {
      clients += change;
    },
    note(size) {
      // The size that Deno was told is in characters, of which each takes a byte or more.
      const entry = awaited.find((entry) => size >= entry.size);
      if (entry !== undefined && --entry.missing === 0) settle(entry);
    },
  };
}
