import { setTimeout as sleep } from "node:timers/promises";
import { RunError, messageOf as textOf } from "../../../errors.js";
import { compareNatural } from "../../../files/natural-order.js";
import { plural } from "../../../printable.js";
import { readHandshake } from "../../../workflow/handshake.js";
import { type Message, shown } from "../../../workflow/message.js";
import type { ExchangeOptions, Federation, Met, Reply } from "../../federation.js";
import { type Envelope, messageOf, refusalOf } from "./envelope.js";
import type { FlowerLink, NodeReply } from "./link.js";

/** What a federation over Flower is to be. */
export interface FlowerOptions extends Envelope {
  /** Clients that the run begins with, at least. */
  readonly numClients: number;
  /** Seconds it waits for so many. */
  readonly waitForClients: number;
  /** Is told who is here while it waits. */
  readonly tell: (line: string) => void;
}

/** Seconds that nodes beyond those waited for have to answer as well: a node that is gone stays listed for a minute. */
const GRACE = 15;
/** Milliseconds between two looks at who is there. */
const POLL = 1000;

interface Member {
  readonly name: string;
  readonly node: string;
  readonly message: Message;
}

/** A federation whose clients are behind the SuperNodes of a Flower federation. Their names are known once they answer. */
export function flowerFederation(link: FlowerLink, options: FlowerOptions): Federation {
  let members: readonly Member[] = [];
  const envelope: Envelope = { run: options.run, dataSource: options.dataSource };
  return {
    get clients() {
      return members.map(({ name }) => name);
    },

    async meet(request, { deadline, signal }) {
      const met = new Meeting(options);
      const ends = performance.now() + options.waitForClients * 1000;
      for (;;) {
        const fresh = met.fresh(await link.nodes(signal));
        // All at once where they come in good time: each handshake takes as long as any exchange.
        if (fresh.length > 0 && met.nMembers + fresh.length >= options.numClients) {
          const enough = { nodes: Math.max(0, options.numClients - met.nMembers), grace: GRACE };
          const carriage = { to: fresh, deadline: deadline / 1000, enough, signal };
          for await (const reply of link.exchange(request, envelope, carriage)) met.take(reply);
          met.close(fresh);
        }
        if (met.nMembers >= options.numClients) break;
        if (performance.now() >= ends) throw met.tooFew();
        await sleep(POLL, undefined, { signal });
      }
      members = met.members();
      return met.found();
    },

    async *exchange(request, { deadline, signal }: ExchangeOptions) {
      const names = new Map(members.map(({ node, name }) => [node, name]));
      const carriage = { to: [...names.keys()], deadline: deadline / 1000, signal };
      for await (const reply of link.exchange(request, envelope, carriage)) {
        const client = names.get(reply.node) ?? nodeName(reply.node);
        const error = errorOf(reply);
        yield [error === null ? { client, message: messageIn(reply) } : { client, error }];
      }
    },

    simulation: null,
    close: async () => link.close(),
  };
}

/** Who has come to a run, and who has not. */
class Meeting {
  readonly #options: FlowerOptions;
  readonly #asked = new Set<string>();
  readonly #members: Member[] = [];
  readonly #leftOut: { client: string; reason: string }[] = [];
  #said = -1;

  constructor(options: FlowerOptions) {
    this.#options = options;
  }

  get nMembers(): number {
    return this.#members.length;
  }

  /** Nodes that have not been asked yet. */
  fresh(nodes: readonly string[]): string[] {
    const fresh = nodes.filter((node) => !this.#asked.has(node));
    const here = this.nMembers + fresh.length;
    const { numClients, tell } = this.#options;
    if (here < numClients && here !== this.#said) tell(`${here} of ${plural(numClients, "client")} are here`);
    this.#said = here;
    return fresh;
  }

  take(reply: NodeReply): void {
    this.#asked.add(reply.node);
    const error = errorOf(reply);
    if (error !== null) {
      this.#leaveOut(reply.node, error);
      return;
    }
    const message = messageIn(reply);
    try {
      this.#members.push({ name: readHandshake(message).name, node: reply.node, message });
    } catch (problem) {
      this.#leaveOut(reply.node, textOf(problem));
    }
  }

  /** Of those asked who said nothing: none of them takes part. */
  close(asked: readonly string[]): void {
    for (const node of asked) if (!this.#asked.has(node)) this.#leaveOut(node, "no answer");
    for (const node of asked) this.#asked.add(node);
  }

  #leaveOut(node: string, reason: string): void {
    const left = { client: nodeName(node), reason };
    this.#leftOut.push(left);
    this.#options.tell(`${left.client} cannot take part: ${reason}`);
  }

  /** @throws RunError if two go by one name */
  members(): readonly Member[] {
    const members = [...this.#members].sort((a, b) => compareNatural(a.name, b.name));
    const twice = members.find(({ name }, i) => i > 0 && name === members[i - 1].name);
    if (twice !== undefined) {
      throw new RunError(
        `two nodes are named ${shown(twice.name)}: give each its own partition-id, or its own name`,
      );
    }
    return members;
  }

  found(): Met {
    const replies = this.members().map(({ name, message }): Reply => ({ client: name, message }));
    return { replies, leftOut: this.#leftOut };
  }

  tooFew(): RunError {
    const { numClients, waitForClients } = this.#options;
    const [first] = this.#leftOut;
    const why = first === undefined ? "" : `; ${first.client}: ${first.reason}`;
    return new RunError(
      `${this.nMembers} of ${plural(numClients, "client")} can take part after ${waitForClients} s${why}`,
    );
  }
}

/** What a node is called that has no name yet, or whose name nobody knows. */
function nodeName(node: string): string {
  return `node ${node}`;
}

function errorOf(reply: NodeReply): string | null {
  return "error" in reply ? reply.error : refusalOf(reply.frame);
}

function messageIn(reply: NodeReply): Message {
  if ("error" in reply) throw new RunError(reply.error);
  return messageOf(reply.frame);
}
