import { createHmac, randomUUID } from "node:crypto";

/** Stands between whom a message is for and what it says. */
export const DELIMITER: Buffer = Buffer.from("<IDS|MSG>");

/** What is read of a message of Jupyter. */
export interface Message {
  header: { msg_id: string; msg_type: string };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

/**
 * Reads a message.
 *
 * @param frames as they come over ZeroMQ
 * @param types messages of other types are not looked at, however large they are
 * @returns null if it is of another type, or none of Jupyter
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function readMessage(frames: readonly Buffer[], types: readonly string[]): Message | null {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0 || frames.length < at + 6) return null;
  const header = JSON.parse(frames[at + 2].toString()) as Message["header"];
  if (!types.includes(header.msg_type)) return null;
  return {
    header,
    parent: JSON.parse(frames[at + 3].toString()) as Message["parent"],
    content: JSON.parse(frames[at + 5].toString()) as Message["content"],
  };
}

/** The frames of a message, signed. */
export function signedFrames(key: string, header: object, parent: object, content: object): Buffer[] {
  const parts = [header, parent, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
  const signature = parts.reduce((hmac, part) => hmac.update(part), createHmac("sha256", key)).digest("hex");
  return [DELIMITER, Buffer.from(signature), ...parts];
}

/** The frames of a message that goes beside another: of the same parent, but of another type and with other content. */
export function framesBeside(
  key: string,
  { header, parent }: Message,
  type: string,
  content: object,
): Buffer[] {
  return signedFrames(key, { ...header, msg_id: randomUUID(), msg_type: type }, parent, content);
}
