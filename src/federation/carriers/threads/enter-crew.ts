import type { MessagePort } from "node:worker_threads";
import { Crew, joinCrew } from "../../../numerics/kernels/threads/crew.js";
import type { FromWorker, WorkerSetup } from "./protocol.js";

/**
 * Makes this worker thread one of those that help one another. To be called before there are rows: they are to lie
 * where others can help with them.
 *
 * @param port the way to the server, by which the others learn of this one's memories
 */
export function enterCrew(port: MessagePort, place: WorkerSetup["crew"]): Crew | null {
  if (place === null) return null;
  const crew = new Crew(place.desk, place.member, (memoryId, memory) =>
    port.postMessage({ type: "memory", memoryId, memory } satisfies FromWorker),
  );
  joinCrew(crew);
  return crew;
}
