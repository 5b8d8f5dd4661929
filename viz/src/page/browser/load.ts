import { type PackedRun, unpackRun } from "../packed-run.js";
import { byId } from "./dom.js";

/**
 * Unpacks the run that is in the page.
 *
 * @throws Error with a message for the reader
 */
export async function loadRun(): Promise<PackedRun> {
  if (typeof DecompressionStream === "undefined") {
    throw new Error(
      "This browser is too old to draw the run: it cannot decompress data (Chrome 80, Firefox 113, Safari 16.4 and later can).",
    );
  }
  const text = byId("run").textContent ?? "";
  const compressed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpackRun(new Uint8Array(await new Response(stream).arrayBuffer()));
}
