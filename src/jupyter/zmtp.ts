import { connect } from "node:net";
import { RunError } from "../errors.js";

/*
 * The part of ZeroMQ's wire protocol that is needed to send one message and to receive its answer. The library zeromq
 * has it as well, but is 34 MB of binaries that only tslab's kernels need.
 */

/** Flags of a frame: another follows, its length has eight bytes, it is none of a message. */
export const MORE = 1;
const LONG = 2;
export const COMMAND = 4;
/** Signature, version 3.0, mechanism NULL, not a server, filler. */
export const GREETING: Buffer = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]),
  Buffer.from("NULL".padEnd(20, "\0")),
  Buffer.alloc(32),
]);

/**
 * Sends one message from a DEALER socket over TCP and waits for one back.
 *
 * @param message its frames
 * @param patience milliseconds
 * @returns the answer's frames
 * @throws RunError if no answer comes in time; what the socket throws, e.g. ECONNREFUSED
 * @see https://rfc.zeromq.org/spec/23/ (ZMTP 3.0)
 */
export function dealer(
  host: string,
  port: number,
  message: readonly Buffer[],
  patience: number,
): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (why: string) => end(() => reject(new RunError(`no answer from ${host}:${port}: ${why}`)));
    const timer = setTimeout(() => fail("too late"), Math.max(patience, 1));
    socket.on("error", (error) => end(() => reject(error)));
    socket.on("close", () => fail("it hung up"));
    socket.write(GREETING);
    socket.write(encodeFrame(ready(), COMMAND));

    let received: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    const answer: Buffer[] = [];
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      if (!isGreeted) {
        if (received.length < GREETING.length) return;
        received = received.subarray(GREETING.length);
        isGreeted = true;
      }
      for (let next = takeFrame(received); next !== null; next = takeFrame(received)) {
        received = received.subarray(next.length);
        if (next.flags & COMMAND) {
          for (const [i, part] of message.entries()) {
            socket.write(encodeFrame(part, i < message.length - 1 ? MORE : 0));
          }
          continue;
        }
        answer.push(next.body);
        if (!(next.flags & MORE)) return end(() => resolve(answer));
      }
    });
  });
}

/** The command that ends the handshake. */
function ready(): Buffer {
  const property = (name: string, value: string) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(value.length);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
  };
  return Buffer.concat([
    Buffer.from("\x05READY"),
    property("Socket-Type", "DEALER"),
    property("Identity", ""),
  ]);
}

export function encodeFrame(body: Buffer, flags: number): Buffer {
  if (body.length < 256) return Buffer.concat([Buffer.from([flags, body.length]), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** The first frame of what was received; null if it is not all there. */
export function takeFrame(bytes: Buffer): { flags: number; body: Buffer; length: number } | null {
  const headLength = bytes.length > 0 && bytes[0] & LONG ? 9 : 2;
  if (bytes.length < headLength) return null;
  const size = headLength === 9 ? Number(bytes.readBigUInt64BE(1)) : bytes[1];
  const length = headLength + size;
  if (bytes.length < length) return null;
  return { flags: bytes[0], body: bytes.subarray(headLength, length), length };
}
