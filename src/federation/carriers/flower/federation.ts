import { setTimeout as sleep } from "node:timers/promises";
import type { ExchangeOptions, Federation } from "../../federation.js";
import type { Envelope } from "./envelope.js";
import type { FlowerLink } from "./link.js";
import { errorOf, Meeting, type MeetingOptions, type Member, messageIn, nodeName } from "./meeting.js";

/** What a federation over Flower is to be. */
export interface FlowerOptions extends Envelope, MeetingOptions {
  /** Seconds it waits for as many clients as it begins with. */
  readonly waitForClients: number;
}

/** Seconds that nodes beyond those waited for have to answer as well: a node that is gone stays listed for a minute. */
const GRACE = 15;
/** Seconds in which the nodes of a simulation are all there. */
const SIMULATED = 10;
/** Milliseconds between two looks at who is there. */
const POLL = 1000;

/** A federation whose clients are behind the SuperNodes of a Flower federation. Their names are known once they answer. */
export function flowerFederation(link: FlowerLink, options: FlowerOptions): Federation {
  let members: readonly Member[] = [];
  const envelope: Envelope = { run: options.run, dataSource: options.dataSource };
  const patience = options.isSimulation
    ? Math.min(SIMULATED, options.waitForClients)
    : options.waitForClients;
  return {
    get clients() {
      return members.map(({ name }) => name);
    },

    async meet(request, { deadline, signal }) {
      const meeting = new Meeting(options);
      const began = performance.now();
      for (;;) {
        const to = meeting.toAsk(await link.nodes(signal));
        if (to.length > 0) {
          const enough = { nodes: options.numClients - meeting.nMembers, grace: GRACE };
          const carriage = { to, deadline: deadline / 1000, enough, signal };
          for await (const reply of link.exchange(request, envelope, carriage)) meeting.take(reply);
          meeting.close();
        }
        if (meeting.isComplete) break;
        const waited = (performance.now() - began) / 1000;
        if (waited >= patience) throw meeting.tooFew(Math.round(waited));
        meeting.wait(Math.round(patience - waited));
        await sleep(POLL, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
      members = meeting.members();
      return meeting.found();
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
