import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { messageHeader, messageOf } from "#src/federation/carriers/flower/envelope.js";
import { type Frame, readFrames, writeFrame } from "#src/federation/carriers/flower/frames.js";
import { FlowerLink } from "#src/federation/carriers/flower/link.js";
import type { Client } from "#src/federation/client/client.js";
import type { NamedArray } from "#src/workflow/message.js";
import { COMMAND } from "./command.js";

/* A stand-in for the Flower app's ServerApp: it carries messages between a server and nodes of this process. */

/** What a node says, as the ServerApp passes it on: its own id is put beside it unless the header has one. */
export interface Said {
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays?: Readonly<Record<string, NamedArray>> | undefined;
}

/** What a node answers; nothing where it says nothing. */
export type Node = (request: Frame) => Answer | Promise<Answer>;
type Answer = Said | readonly Said[];

/** A node whose client answers, or says why it does not. */
export function nodeOf(client: Pick<Client, "answer">): Node {
  return async (request) => {
    try {
      const reply = await client.answer(messageOf(request));
      return { header: messageHeader(reply), arrays: reply.arrays };
    } catch (error) {
      return { header: { message: { refusal: (error as Error).message }, scalars: {} } };
    }
  };
}

/**
 * Carries out what a server asks for, until it asks for no more.
 *
 * @param nodes those that are listed, by id; is told whether the server asks who is there
 * @param asked sees each request that goes to nodes
 */
export async function carryOut(
  { from, to }: { readonly from: Readable; readonly to: Writable },
  nodes: (isLook: boolean) => Readonly<Record<string, Node>>,
  asked: (request: Frame) => void = () => {},
): Promise<void> {
  for await (const request of readFrames(from)) {
    const { op, to: names } = request.header;
    if (op === "nodes") {
      await writeFrame(to, { nodes: Object.keys(nodes(true)) });
      continue;
    }
    asked(request);
    for (const node of names as string[]) {
      const said = await nodes(false)[node](request);
      for (const { header, arrays } of [said].flat() as Said[])
        await writeFrame(to, { node, ...header }, arrays);
    }
    await writeFrame(to, { end: true });
  }
}

/** A server's link, and the streams of the ServerApp at its other end. */
export function linkInMemory(): { link: FlowerLink; streams: { from: PassThrough; to: PassThrough } } {
  const from = new PassThrough();
  const to = new PassThrough();
  return { link: new FlowerLink(to, from), streams: { from, to } };
}

/** `fedkmeans flower server` as a process, with what it says. */
export class FlowerServer {
  readonly child: ChildProcess;
  /** What it has said until now. */
  said = "";

  /** @param config as Flower's run config has it */
  constructor(
    config: Readonly<Record<string, unknown>>,
    cwd: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.child = spawn(process.execPath, [COMMAND, "flower", "server"], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stderr!.on("data", (text) => {
      this.said += text;
    });
    // It may have ended.
    this.child.stdin!.on("error", () => {});
    void writeFrame(this.child.stdin!, { config }).catch(() => {});
  }

  /** Carries out what it asks for, and waits for its end. */
  async end(nodes: Readonly<Record<string, Node>>, asked?: (request: Frame) => void): Promise<number | null> {
    const closed = once(this.child, "close");
    const streams = { from: this.child.stdout!, to: this.child.stdin! };
    // Where either ends in the midst of it, its end says more.
    await carryOut(streams, () => nodes, asked).catch(() => {});
    const [code] = await closed;
    return code;
  }

  /** Its last line. */
  get lastWords(): string {
    return this.said.trimEnd().split("\n").at(-1)!;
  }
}
