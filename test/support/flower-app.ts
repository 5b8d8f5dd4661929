import { PassThrough } from "node:stream";
import { type Frame, readFrames, writeFrame } from "#src/federation/carriers/flower/frames.js";
import { FlowerLink } from "#src/federation/carriers/flower/link.js";
import { type Delivered, serveClient } from "#src/federation/carriers/flower/serve-client.js";
import { UNABLE } from "#src/federation/client/refusal.js";
import type { Message, NamedArray } from "#src/workflow/message.js";

/** What a node does with a request that reaches its ClientApp. */
export type Node = (request: Frame) => Promise<Frame>;

/** A node whose ClientApp hands each request to a client by pipes, as one that starts anew for each does. */
export function nodeOf(
  nodeConfig: Readonly<Record<string, unknown>>,
  answer: (delivered: Delivered) => Promise<Message>,
): Node {
  return async ({ header, arrays }) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const { message, scalars } = header;
    await writeFrame(input, { message, scalars, node: nodeConfig }, arrays as Record<string, NamedArray>);
    input.end();
    await serveClient(input, output, answer, (error) => (error instanceof Error ? error.message : UNABLE));
    output.end();
    for await (const frame of readFrames(output)) return frame;
    throw new Error("no frame came back");
  };
}

/** A link to a ServerApp of this process, whose nodes are these, by their ids. */
export function linkTo(nodes: ReadonlyMap<string, Node>): FlowerLink {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  void (async () => {
    for await (const { header, arrays } of readFrames(fromServer)) {
      if (header.op === "nodes") {
        await writeFrame(toServer, { nodes: [...nodes.keys()] });
        continue;
      }
      for (const node of header.to as string[]) {
        const reply = await nodes.get(node)!({ header, arrays });
        await writeFrame(toServer, { node, ...reply.header }, reply.arrays as Record<string, NamedArray>);
      }
      await writeFrame(toServer, { end: true });
    }
  })();
  return new FlowerLink(toServer, fromServer);
}
