import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "fedkmeans/directory";
import { assumeFonts } from "../draw/fonts.js";
import { type Job, Painter } from "./painter.js";
import type { PaintReply, PaintRequest } from "./worker-protocol.js";

/* A thread that reads the experiment once and paints the pictures it is asked for. */

const port = parentPort!;
const reply = (message: PaintReply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

try {
  assumeFonts();
  const painter = new Painter(workerData as Job);
  port.on("message", async ({ index }: PaintRequest) => {
    if (index === null) {
      port.close();
      return;
    }
    try {
      const pixels = painter.paint(index);
      const saved = painter.save(index, pixels);
      reply({ kind: "pixels", index, pixels }, [pixels.buffer as ArrayBuffer]);
      await saved;
      reply({ kind: "saved", index });
    } catch (error) {
      reply({ kind: "failed", message: messageOf(error) });
    }
  });
} catch (error) {
  reply({ kind: "failed", message: messageOf(error) });
}
