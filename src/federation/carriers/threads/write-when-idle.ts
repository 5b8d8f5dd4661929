import type { SimulatedClient } from "../../client/recording-client.js";

/** Milliseconds of writing after which the thread looks whether there is a message. */
const IDLE_STRETCH = 2;

/** Writes clients' records while their thread is idle. */
interface IdleWriter {
  /** Has all clients write once more. */
  begin(): void;
  /** Stops at once, as there is something else to do. */
  pause(): void;
  /** Goes on where it stopped. */
  resume(): void;
}

/**
 * Has each client write its records once while there is nothing else to do: to create thousands of files takes a
 * file system longer than to add to them at the end.
 */
export function writeWhenIdle(ready: Promise<ReadonlyMap<string, SimulatedClient>>): IdleWriter {
  let clients: SimulatedClient[] | null = null;
  let next = 0;
  let pending: NodeJS.Immediate | null = null;
  const write = () => {
    pending = null;
    const began = performance.now();
    while (next < clients!.length && performance.now() - began < IDLE_STRETCH) clients![next++].flush();
    resume();
  };
  const resume = () => {
    if (clients !== null && next < clients.length) pending ??= setImmediate(write);
  };
  ready.then(
    (map) => (clients = [...map.values()]),
    () => {},
  );
  return {
    resume,
    pause: () => {
      if (pending !== null) clearImmediate(pending);
      pending = null;
    },
    begin: () => {
      next = 0;
    },
  };
}
