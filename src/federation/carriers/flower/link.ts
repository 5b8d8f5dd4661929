import type { Readable, Writable } from "node:stream";
import { RunError } from "../../../errors.js";
import type { Message } from "../../../workflow/message.js";
import { type Envelope, messageHeader } from "./envelope.js";
import { type Frame, readFrames, writeFrame } from "./frames.js";

/** What came of a request at one node: its frame, or Flower's word that there is none. */
export type NodeReply = { readonly node: string } & ({ readonly frame: Frame } | { readonly error: string });

/** How a request is carried. */
export interface Carriage {
  /** Nodes it goes to. */
  readonly to: readonly string[];
  /** Seconds a node has. */
  readonly deadline: number;
  /** Once so many nodes have replied, the others have `grace` seconds more; absent: all the time there is. */
  readonly enough?: { readonly nodes: number; readonly grace: number };
  readonly signal: AbortSignal;
}

/** The Flower ServerApp beside this program: it lists the nodes, and carries requests and replies. */
export class FlowerLink {
  readonly #frames: AsyncIterator<Frame, void>;
  readonly #input: Readable;
  readonly #output: Writable;

  /** @param input frames of the ServerApp; @param output frames to it */
  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.#frames = readFrames(input);
  }

  /**
   * The next frame.
   *
   * @throws RunError once the ServerApp has ended; the signal's reason once it is aborted
   */
  async read(signal: AbortSignal): Promise<Frame> {
    const { value, done } = await untilAborted(this.#frames.next(), signal);
    if (done || value === undefined) throw new RunError("the Flower ServerApp has ended");
    return value;
  }

  /** Nodes that the SuperLink lists, some of which may be gone. */
  async nodes(signal: AbortSignal): Promise<string[]> {
    await writeFrame(this.#output, { op: "nodes" });
    const { header } = await this.read(signal);
    return (header.nodes as string[]).map(String);
  }

  /**
   * Sends one request to some nodes and yields what comes back, one of each.
   *
   * @throws as `read`
   */
  async *exchange(
    request: Message,
    envelope: Envelope,
    { to, deadline, enough, signal }: Carriage,
  ): AsyncGenerator<NodeReply> {
    const header = { op: "exchange", to, deadline, ...enough, ...messageHeader(request, envelope) };
    await writeFrame(this.#output, header, request.arrays);
    for (;;) {
      const frame = await this.read(signal);
      if (frame.header.end === true) return;
      const node = String(frame.header.node);
      const { error } = frame.header;
      yield error === undefined ? { node, frame } : { node, error: String(error) };
    }
  }

  /** Lets go of the streams, which would keep the process alive. */
  close(): void {
    this.#input.destroy();
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
