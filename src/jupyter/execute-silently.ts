import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, RunError } from "../errors.js";
import { DELIMITER, signedFrames } from "./jupyter-message.js";
import { dealer } from "./zmtp.js";

/** What a kernel's connection file says, as Jupyter defines it. */
export interface Connection {
  transport: string;
  ip: string;
  shell_port: number;
  iopub_port: number;
  key: string;
  signature_scheme: string;
}

/**
 * Executes code in a kernel without a trace: no output, no execution count.
 *
 * @param patience milliseconds the kernel has to start and to answer
 * @throws RunError if it does not, or if the code fails
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export async function executeSilently(connection: Connection, code: string, patience: number): Promise<void> {
  if (connection.transport !== "tcp" || connection.signature_scheme !== "hmac-sha256") {
    throw new RunError(`a kernel over tcp, signed with hmac-sha256, expected, found ${connection.transport}`);
  }
  const late = performance.now() + patience;
  for (;;) {
    try {
      const reply = await dealer(
        connection.ip,
        connection.shell_port,
        executeRequest(code, connection.key),
        late - performance.now(),
      );
      return checkReply(reply);
    } catch (error) {
      // The kernel opens its port when it is ready.
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED" || performance.now() > late) throw error;
      await sleep(20);
    }
  }
}

function executeRequest(code: string, key: string): Buffer[] {
  const header = {
    msg_id: randomUUID(),
    session: randomUUID(),
    username: "fedkmeans",
    date: new Date().toISOString(),
    msg_type: "execute_request",
    version: "5.3",
  };
  const content = { code, silent: true, store_history: false, allow_stdin: false, stop_on_error: false };
  return signedFrames(key, header, {}, content);
}

function checkReply(frames: readonly Buffer[]): void {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const content = frames[start + 5];
  let reply: { status?: string; evalue?: string };
  try {
    reply = JSON.parse(content.toString());
  } catch (error) {
    throw new RunError(`the kernel's reply cannot be read: ${messageOf(error)}`);
  }
  if (reply.status !== "ok") throw new RunError(`the kernel answered ${reply.evalue ?? reply.status}`);
}
