import { RunError, messageOf as textOf, theSetting } from "../../../errors.js";
import { compareNatural } from "../../../files/natural-order.js";
import { plural, printableLine } from "../../../printable.js";
import { readHandshake } from "../../../workflow/handshake.js";
import { type Message, shown } from "../../../workflow/message.js";
import type { Met, Reply } from "../../federation.js";
import { messageOf, refusalOf } from "./envelope.js";
import type { NodeReply } from "./link.js";

/** Who is to meet. */
export interface MeetingOptions {
  /** Clients that the run begins with, at least. */
  readonly numClients: number;
  /** Names of those that a run which is resumed began with: nobody else takes part; null of a new run. */
  readonly clients: readonly string[] | null;
  /** Whether Flower simulates the nodes: then all that there will ever be are there from the start. */
  readonly isSimulation: boolean;
  /** Is told who is here. */
  readonly tell: (line: string) => void;
}

/** A client of the run, behind a node. */
export interface Member {
  readonly name: string;
  readonly node: string;
  /** Its reply to the handshake. */
  readonly message: Message;
}

/** Characters of a node's reason at most: it may give any. */
const LONGEST_REASON = 1000;

/** Who has come to a run, and who has not. */
export class Meeting {
  readonly #options: MeetingOptions;
  /** Nodes that were asked, and whether they have said something. */
  readonly #asked = new Map<string, boolean>();
  #members: Member[] = [];
  /** Nodes by the name that they go by. */
  readonly #claims = new Map<string, string[]>();
  readonly #leftOut: { client: string; reason: string }[] = [];
  #here = 0;
  #said = -1;
  #leftOutSaid = 0;

  constructor(options: MeetingOptions) {
    this.#options = options;
  }

  /** Clients that take part, so far. */
  get nMembers(): number {
    return this.#members.length;
  }

  /** Whether there are as many as are wanted. */
  get isComplete(): boolean {
    return this.nMembers >= this.#options.numClients;
  }

  /**
   * Nodes to ask now: those that have not been asked yet, once they may be as many as are wanted; none until then, since
   * each handshake takes as long as any exchange.
   *
   * @param nodes all that are listed
   */
  toAsk(nodes: readonly string[]): string[] {
    const fresh = nodes.filter((node) => !this.#asked.has(node));
    const { numClients, tell } = this.#options;
    this.#here = this.nMembers + fresh.length;
    if (this.#here >= numClients) {
      for (const node of fresh) this.#asked.set(node, false);
      return fresh;
    }
    if (this.#here !== this.#said) tell(this.#whoIsHere());
    this.#said = this.#here;
    return [];
  }

  /** Takes what a node says; only its first word counts, and that of nobody who was not asked. */
  take(reply: NodeReply): void {
    const { node } = reply;
    if (this.#asked.get(node) !== false) return;
    this.#asked.set(node, true);
    const error = errorOf(reply);
    if (error !== null) {
      this.#leaveOut(node, error);
      return;
    }
    try {
      const message = messageIn(reply);
      const { name } = readHandshake(message);
      const { clients } = this.#options;
      if (clients === null || clients.includes(name)) this.#claim({ name, node, message });
      else this.#leaveOut(node, `${shown(name)} was not in the run that is resumed`);
    } catch (problem) {
      this.#leaveOut(node, textOf(problem));
    }
  }

  /** Whoever was asked and has said nothing takes no part. */
  close(): void {
    for (const [node, hasAnswered] of this.#asked) {
      if (hasAnswered) continue;
      this.#asked.set(node, true);
      this.#leaveOut(node, "no answer");
    }
  }

  /** Nobody knows which of two nodes of one name is the right one, so that neither takes part. */
  #claim(member: Member): void {
    const { name, node } = member;
    const others = this.#claims.get(name) ?? [];
    this.#claims.set(name, [...others, node]);
    if (others.length === 0) {
      this.#members.push(member);
      return;
    }
    const reason = `another node is named ${shown(name)}, too`;
    const isFirst = others.length === 1;
    this.#members = this.#members.filter((other) => other.name !== name);
    for (const left of isFirst ? [...others, node] : [node]) {
      this.#leftOut.push({ client: nodeName(left), reason });
    }
    const all = [...others, node].map(nodeName).join(" and ");
    this.#tell(
      `${all} are ${isFirst ? "both" : "all"} named ${shown(name)}: ${isFirst ? "neither" : "none"} takes part; ` +
        "give each its own partition-id or name",
    );
  }

  #leaveOut(node: string, reason: string): void {
    const isLong = reason.length > LONGEST_REASON;
    const left = {
      client: nodeName(node),
      reason: isLong ? `${reason.slice(0, LONGEST_REASON)}...` : reason,
    };
    this.#leftOut.push(left);
    this.#tell(`${left.client} cannot take part: ${left.reason}`);
  }

  #tell(line: string): void {
    // Of whatever a node says no part may pass for a line of the server's.
    this.#options.tell(printableLine(line));
  }

  /** Says that there are too few, and for how long others may come. */
  wait(seconds: number): void {
    if (this.#leftOut.length === this.#leftOutSaid) return;
    this.#leftOutSaid = this.#leftOut.length;
    this.#said = this.nMembers;
    this.#tell(`${this.#whoCanTakePart()}; waiting ${seconds} s for others`);
  }

  /** The clients of the run, in the order of their names. */
  members(): readonly Member[] {
    return [...this.#members].sort((a, b) => compareNatural(a.name, b.name));
  }

  /** What the server's handshake comes to. */
  found(): Met {
    const replies = this.members().map(({ name, message }): Reply => ({ client: name, message }));
    return { replies, leftOut: this.#leftOut };
  }

  /** Why there is no run, and what to do about it. */
  tooFew(seconds: number): RunError {
    const { clients } = this.#options;
    const [first, ...more] = this.#leftOut;
    const could = first === undefined ? this.#whoIsHere() : this.#whoCanTakePart();
    const others = more.length === 0 ? "" : `; ${more.length} more above`;
    const why = first === undefined ? "" : ` (${first.client}: ${first.reason}${others})`;
    const fewer = clients === null ? `, or ask for fewer by ${theSetting("numClients")}` : "";
    return new RunError(`${could} after ${seconds} s${why}: ${this.#advice()}${fewer}`);
  }

  #advice(): string {
    const { numClients, isSimulation } = this.#options;
    // More nodes are of no use to a run that those there refuse.
    if (this.#leftOut.length > 0) return "see to it there, or start other nodes";
    return isSimulation
      ? `start as many nodes by --federation-config "num-supernodes=${numClients}"`
      : "start more SuperNodes";
  }

  #whoCanTakePart(): string {
    return `${this.nMembers} of ${plural(this.#options.numClients, "client")} can take part`;
  }

  #whoIsHere(): string {
    const { numClients } = this.#options;
    return `${this.#here} of ${plural(numClients, "client")} ${this.#here === 1 ? "is" : "are"} here`;
  }
}

/** What a node is called that has no name yet, or whose name nobody knows. */
export function nodeName(node: string): string {
  return `node ${node}`;
}

/** Why a node gave no message; null where it did. */
export function errorOf(reply: NodeReply): string | null {
  return "error" in reply ? reply.error : refusalOf(reply.frame);
}

/** The message of a node that gave one, unchecked. */
export function messageIn(reply: NodeReply): Message {
  if ("error" in reply) throw new RunError(reply.error);
  return messageOf(reply.frame);
}
