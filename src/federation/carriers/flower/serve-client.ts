import type { Readable, Writable } from "node:stream";
import type { Message } from "../../../workflow/message.js";
import { type Envelope, envelopeOf, messageHeader, messageOf, refusalHeader } from "./envelope.js";
import { readFrames, writeFrame } from "./frames.js";

/** A request as it reaches the client behind a SuperNode. */
export interface Delivered {
  readonly request: Message;
  readonly envelope: Envelope;
  /** What the SuperNode was started with: its owner's. */
  readonly nodeConfig: Readonly<Record<string, unknown>>;
}

/**
 * Answers the requests that a ClientApp hands over, until it has no more.
 *
 * @param answer what it throws is given to `wordFor`
 * @param wordFor what the server is told of why there is no answer: no value, no path
 */
export async function serveClient(
  input: Readable,
  output: Writable,
  answer: (delivered: Delivered) => Promise<Message>,
  wordFor: (error: unknown) => string,
): Promise<void> {
  for await (const frame of readFrames(input)) {
    try {
      const nodeConfig = (frame.header.node ?? {}) as Record<string, unknown>;
      const reply = await answer({ request: messageOf(frame), envelope: envelopeOf(frame), nodeConfig });
      await writeFrame(output, messageHeader(reply), reply.arrays);
    } catch (error) {
      await writeFrame(output, refusalHeader(wordFor(error)));
    }
  }
}
