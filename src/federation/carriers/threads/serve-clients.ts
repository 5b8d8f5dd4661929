import type { MessagePort } from "node:worker_threads";
import { messageOf } from "../../../errors.js";
import { type FileFingerprint, identifyFile } from "../../../files/file-hash.js";
import { stopListening } from "../../../threads/serve-tasks.js";
import { checkMessage, type NamedArray } from "../../../workflow/message.js";
import type { SimulatedClient } from "../../client/recording-client.js";
import type { ClientRecord, Reply } from "../../federation.js";
import { silhouetteSumsOfFiles } from "../silhouette-of-files.js";
import { packReplies } from "./packing.js";
import type { FromWorker, ToWorker } from "./protocol.js";
import type { WorkStealingPool } from "./work-stealing.js";
import { writeWhenIdle } from "./write-when-idle.js";

/**
 * Where more clients than this share a worker, their replies travel together, and they write their records while the
 * worker has nothing else to do. Fewer clients send each reply at once, and write after each exchange.
 */
const FEW_CLIENTS = 64;
/** Replies that travel together, at most. */
const MOST_TOGETHER = 256;
/** Milliseconds after which replies travel however few they are. */
const LONGEST_WAIT = 5;

/**
 * Answers the server's messages on a worker thread, one client after the other.
 *
 * @param port the way to the server
 * @param opening the clients this worker holds
 * @param records what they are to record from the start
 * @param progress (1,) is told which of the clients asked is at work
 * @param pool of workers, which this one helps once it has answered; null where it is on its own
 */
export function serveClients(
  port: MessagePort,
  opening: Promise<SimulatedClient[]>,
  records: ReadonlyMap<string, ClientRecord>,
  progress: Int32Array,
  pool: WorkStealingPool | null,
): void {
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const ready = opening.then((clients) => {
    startRecords(clients, records);
    const notices = clients.flatMap(({ name, notices = [] }) =>
      notices.length > 0 ? [[name, notices] as const] : [],
    );
    if (notices.length > 0) post({ type: "notices", notices });
    return new Map(clients.map((client) => [client.name, client]));
  });
  const recordsWhenIdle = writeWhenIdle(ready);

  async function exchange({
    id,
    clients,
    request,
    ofRows,
  }: Extract<ToWorker, { type: "exchange" }>): Promise<void> {
    let replies: Reply[] = [];
    let indices: number[] = [];
    let posted = performance.now();
    const flush = () => {
      if (replies.length > 1) {
        const packed = packReplies(replies, indices);
        post({ type: "packed", id, packed }, [packed.heads.buffer, packed.floats.buffer, packed.ints.buffer]);
      } else {
        const handedOver = replies.map(ownArrays);
        post({ type: "replies", id, replies: handedOver }, handedOver.flatMap(buffersOf));
      }
      replies = [];
      indices = [];
      posted = performance.now();
    };
    const isFew = clients.length <= FEW_CLIENTS;
    const held = await ready;
    for (const [index, name] of clients.entries()) {
      Atomics.store(progress, 0, index);
      indices.push(index);
      try {
        const client = held.get(name);
        if (client === undefined) throw new Error("not on this worker");
        const answer = ofRows ? client.answerOfRows(request) : client.answer(request);
        // A value that is no message may be one that cannot be sent to another thread.
        const message = checkMessage(answer instanceof Promise ? await answer : answer);
        replies.push({ client: name, message });
      } catch (error) {
        const reason = held.get(name)?.unreadable?.() ?? null;
        if (reason !== null) post({ type: "unreadable", client: name, reason });
        replies.push({ client: name, error: messageOf(error) });
      }
      const isDue = replies.length >= MOST_TOGETHER || performance.now() - posted > LONGEST_WAIT;
      if (isDue || isFew) flush();
    }
    if (replies.length > 0) flush();
    pool?.done();
    if (!isFew) recordsWhenIdle.resume();
    else for (const client of held.values()) client.flush();
    pool?.help();
  }

  async function identify({ id, files }: Extract<ToWorker, { type: "identify" }>): Promise<void> {
    const found = new Map<string, FileFingerprint>();
    try {
      for (const file of files) found.set(file, await identifyFile(file, new AbortController().signal));
      post({ type: "identified", id, files: found, error: null });
    } catch (error) {
      post({ type: "identified", id, files: found, error: messageOf(error) });
    }
  }

  // One request at a time, in order of arrival.
  let queue: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker) => {
    if (message.type !== "memory") recordsWhenIdle.pause();
    queue = queue.then(async () => {
      if (message.type === "exchange") return exchange(message);
      if (message.type === "memory") {
        pool?.know(message.memoryId, message.memory);
        // The thread that this memory belongs to may be at work in it.
        pool?.help();
        return;
      }
      if (message.type === "close") {
        const written = new Map<string, FileFingerprint>();
        for (const client of (await ready).values()) {
          client.flush();
          for (const [path, fingerprint] of client.written()) written.set(path, fingerprint);
        }
        post({ type: "written", written });
        return stopListening(port);
      }
      if (message.type === "record") {
        startRecords([...(await ready).values()], message.records);
        return recordsWhenIdle.begin();
      }
      if (message.type === "identify") return identify(message);
      const { id, rowsFiles, wanted, means, k } = message;
      try {
        const sums = silhouetteSumsOfFiles(rowsFiles, wanted, means, k);
        post({ type: "silhouette", id, wanted, sums, error: null });
      } catch (error) {
        post({ type: "silhouette", id, wanted, sums: [], error: messageOf(error) });
      }
    });
  });
}

function startRecords(clients: readonly SimulatedClient[], records: ReadonlyMap<string, ClientRecord>): void {
  for (const client of clients) {
    const record = records.get(client.name);
    if (record !== undefined) client.record(record);
  }
}

/** The reply with arrays that share no buffer: a buffer travels whole, and one that has gone cannot be used here. */
function ownArrays(reply: Reply): Reply {
  if ("error" in reply) return reply;
  const arrays: Record<string, NamedArray> = {};
  for (const [name, array] of Object.entries(reply.message.arrays)) {
    const isWhole = array.data.byteLength === array.data.buffer.byteLength;
    arrays[name] = isWhole ? array : ({ ...array, data: array.data.slice() } as NamedArray);
  }
  return { client: reply.client, message: { ...reply.message, arrays } };
}

function buffersOf(reply: Reply): ArrayBuffer[] {
  if ("error" in reply) return [];
  const buffers = Object.values(reply.message.arrays).map((array) => array.data.buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
