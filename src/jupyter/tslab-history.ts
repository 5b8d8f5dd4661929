import { randomUUID } from "node:crypto";
import { DELIMITER, readMessage, signedFrames } from "./jupyter-message.js";
import type { Server } from "./tslab-modules.js";

/**
 * Answers who asks for earlier input, which tslab 1.0 leaves without an answer, that nothing is kept. JupyterLab asks at
 * each start.
 */
export function answerHistory(server: Server): void {
  const handle = server.handleShellMessage;
  server.handleShellMessage = async (socket, ...frames) => {
    const request = readMessage(frames, ["history_request"]);
    if (request === null) return handle.call(server, socket, ...frames);
    const message = (type: string, content: object) => {
      const header = { ...request.header, msg_id: randomUUID(), msg_type: type };
      return signedFrames(server.connInfo.key, header, request.header, content);
    };
    const sender = frames.slice(
      0,
      frames.findIndex((frame) => frame.equals(DELIMITER)),
    );
    await server.iopub.send(message("status", { execution_state: "busy" }));
    await socket.send([...sender, ...message("history_reply", { status: "ok", history: [] })]);
    await server.iopub.send(message("status", { execution_state: "idle" }));
  };
}
