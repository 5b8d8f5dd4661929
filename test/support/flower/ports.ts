import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Those that were given: who asked for one may not listen there yet. */
const given = new Set<number>();

/** A port that nothing listens at, another each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = await listen(0);
    if (server === null) throw new Error("no port of this machine is free");
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    if (!given.has(port)) {
      given.add(port);
      return port;
    }
  }
}

/** Those of some ports that something listens at. */
export async function takenPorts(ports: readonly number[]): Promise<number[]> {
  const taken: number[] = [];
  for (const port of ports) {
    const server = await listen(port);
    if (server === null) taken.push(port);
    else await new Promise((closed) => server.close(closed));
  }
  return taken;
}

/** Waits until something listens at a port of this machine. */
export async function listens(port: number, milliseconds: number): Promise<void> {
  const ends = performance.now() + milliseconds;
  while (!(await accepts(port))) {
    if (performance.now() > ends) throw new Error(`nothing listens at port ${port} after ${milliseconds} ms`);
    await sleep(100);
  }
}

function listen(port: number) {
  return new Promise<ReturnType<typeof createServer> | null>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "0.0.0.0", () => resolve(server));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
