import type { Readable, Writable } from "node:stream";
import { RunError } from "../../../errors.js";
import type { Message, NamedArray } from "../../../workflow/message.js";
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
  /** Once so many nodes have answered, the others have `grace` seconds more; absent: all the time there is. */
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
    // Whoever writes is told.
    output.on("error", () => {});
  }

  /**
   * The run config of the ServerApp, which is the first that it sends.
   *
   * @throws as `nodes`
   */
  async runConfig(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { config } = (await this.#read(signal)).header;
    if (typeof config !== "object" || config === null) throw unasked();
    return config as Record<string, unknown>;
  }

  /**
   * Nodes that the SuperLink lists, some of which may be gone.
   *
   * @throws RunError once the ServerApp has ended, or if it sends what it was not asked; the signal's reason once it is
   *   aborted
   */
  async nodes(signal: AbortSignal): Promise<string[]> {
    await this.#write({ op: "nodes" }, {}, signal);
    const { nodes } = (await this.#read(signal)).header;
    if (!Array.isArray(nodes)) throw unasked();
    return nodes.map(String);
  }

  /**
   * Sends one request to some nodes and yields what comes back.
   *
   * @throws as `nodes`
   */
  async *exchange(
    request: Message,
    envelope: Envelope,
    { to, deadline, enough, signal }: Carriage,
  ): AsyncGenerator<NodeReply> {
    const header = { op: "exchange", to, deadline, ...enough, ...messageHeader(request, envelope) };
    await this.#write(header, request.arrays, signal);
    for (;;) {
      const frame = await this.#read(signal);
      const { end, node, error } = frame.header;
      if (end === true) return;
      if (node === undefined) throw unasked();
      yield { node: String(node), ...(error === undefined ? { frame } : { error: String(error) }) };
    }
  }

  /** Lets go of the streams, which would keep the process alive. */
  close(): void {
    this.#input.destroy();
    this.#output.end();
  }

  async #read(signal: AbortSignal): Promise<Frame> {
    const { value, done } = await untilAborted(this.#frames.next(), signal);
    if (done || value === undefined) throw hasEnded();
    return value;
  }

  async #write(
    header: Readonly<Record<string, unknown>>,
    arrays: Readonly<Record<string, NamedArray>>,
    signal: AbortSignal,
  ): Promise<void> {
    const written = writeFrame(this.#output, header, arrays).catch(() => {
      throw hasEnded();
    });
    await untilAborted(written, signal);
  }
}

function hasEnded(): RunError {
  return new RunError("the Flower ServerApp has ended");
}

function unasked(): RunError {
  return new RunError("the Flower ServerApp sent what it was not asked for");
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
