import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { COMMAND, encodeFrame, GREETING, MORE, takeFrame } from "./zmtp.js";

/** What becomes of a message: itself, another, or several. */
export type Change = (message: Buffer[]) => Buffer[][] | Promise<Buffer[][]>;

/**
 * Stands between the clients of a ZeroMQ socket and the socket: all that clients send is passed on as it is, and each
 * message to them may be changed, held back, or have others put before it. Their order stays.
 *
 * @param port where clients connect
 * @param target the socket's own port
 * @param change asked of each message to a client
 */
export function relay(host: string, port: number, target: number, change: Change): Promise<Server> {
  const server = createServer((client) => {
    const kernel = connect(target, host);
    for (const [one, other] of [
      [client, kernel],
      [kernel, client],
    ]) {
      one.setNoDelay(true);
      one.on("error", () => other.destroy());
      one.on("close", () => other.end());
    }
    client.pipe(kernel);
    passMessages(kernel, client, change);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

function passMessages(from: Socket, to: Socket, change: Change): void {
  let chunks: Buffer[] = [];
  let isGreeted = false;
  let message: Buffer[] = [];
  let passed: Promise<void> = Promise.resolve();
  const pass = (write: () => void | Promise<void>) => {
    passed = passed.then(write).catch(() => {
      to.destroy();
    });
  };
  from.on("data", (data) => {
    chunks.push(data);
    if (isGreeted && chunks.length > 1 && !mayHoldFrame(chunks)) return;
    let received = chunks.length === 1 ? data : Buffer.concat(chunks);
    if (!isGreeted) {
      chunks = [received];
      if (received.length < GREETING.length) return;
      const greeting = received.subarray(0, GREETING.length);
      pass(() => void to.write(greeting));
      received = received.subarray(GREETING.length);
      isGreeted = true;
    }
    for (let next = takeFrame(received); next !== null; next = takeFrame(received)) {
      const { flags, body, length } = next;
      received = received.subarray(length);
      if (flags & COMMAND) {
        pass(() => void to.write(encodeFrame(body, COMMAND)));
        continue;
      }
      message.push(body);
      if (flags & MORE) continue;
      const whole = message;
      message = [];
      pass(async () => {
        for (const frames of await change(whole)) writeMessage(to, frames);
      });
    }
    chunks = received.length === 0 ? [] : [received];
  });
}

/** Whether chunks may have a whole frame: joining those of a large one each time would take its length squared. */
function mayHoldFrame(chunks: readonly Buffer[]): boolean {
  const [first] = chunks;
  if (first.length < 9 || !(first[0] & 2)) return true;
  const size = Number(first.readBigUInt64BE(1)) + 9;
  return chunks.reduce((sum, { length }) => sum + length, 0) >= size;
}

function writeMessage(to: Socket, frames: readonly Buffer[]): void {
  for (const [i, frame] of frames.entries()) to.write(encodeFrame(frame, i < frames.length - 1 ? MORE : 0));
}

/** Ports that nobody listens at. */
export async function freePorts(host: string, count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
