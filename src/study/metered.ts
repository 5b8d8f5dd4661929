import type { Client } from "../federation/client/client.js";
import type { Message } from "../workflow/message.js";

/** Bytes of numbers that went to and came from all clients of a federation: what communication costs. */
interface Traffic {
  toClients: number;
  toServer: number;
}

/**
 * Clients whose messages are counted.
 *
 * @returns the clients, and a count that grows as they answer
 */
export function metered(clients: readonly Client[]): { clients: Client[]; traffic: Traffic } {
  const traffic: Traffic = { toClients: 0, toServer: 0 };
  const count = (request: Message, reply: Message) => {
    traffic.toClients += bytesOf(request);
    traffic.toServer += bytesOf(reply);
    return reply;
  };
  return {
    traffic,
    clients: clients.map((client) => ({
      name: client.name,
      answer(request) {
        const reply = client.answer(request);
        return reply instanceof Promise
          ? reply.then((message) => count(request, message))
          : count(request, reply);
      },
    })),
  };
}

/** Arrays as they are, eight bytes a scalar, a text's characters. */
function bytesOf(message: Message): number {
  let bytes = 0;
  for (const array of Object.values(message.arrays)) bytes += array.data.byteLength;
  for (const scalar of Object.values(message.scalars)) {
    if (typeof scalar === "string") bytes += scalar.length;
    else if (Array.isArray(scalar)) bytes += scalar.join("").length;
    else bytes += 8;
  }
  return bytes;
}
