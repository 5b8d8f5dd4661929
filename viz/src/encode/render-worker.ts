import { parentPort, workerData } from "node:worker_threads";
import { assumeFonts } from "../draw/fonts.js";
import { messageOf } from "../errors.js";
import { type Job, Painter } from "./painter.js";
import type { PaintReply, PaintRequest } from "./worker-protocol.js";

/* A thread that reads the experiment once and paints the pictures it is asked for. */

const port = parentPort!;
const reply = (message: PaintReply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

try {
  assumeFonts();
  const painter = new Painter(workerData as Job);
  port.on("message", ({ index }: PaintRequest) => {
    try {
      const pixels = new Uint8Array(painter.paint(index));
      reply({ kind: "pixels", index, pixels }, [pixels.buffer]);
      painter.save();
      reply({ kind: "saved", index });
    } catch (error) {
      reply({ kind: "failed", message: messageOf(error) });
    }
  });
} catch (error) {
  reply({ kind: "failed", message: messageOf(error) });
}
