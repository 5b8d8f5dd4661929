import { printableLine } from "../../printable.js";
import type { Message } from "../../workflow/message.js";
import { GrowingFile } from "./growing-file.js";
import { formOf } from "./message-form.js";

/** What a client holds and what it sent, a line each with its time. */
export class ClientLog extends GrowingFile {
  override add(line: string): void {
    super.add(stamped(line));
  }

  addSent(message: Message): void {
    this.add(`sent ${message.kind}: ${formOf(message).contents}`);
  }
}

/** Thousands of clients log the same within milliseconds, one after the other: they share one text. */
let last = { time: 0, line: "", text: "" };

function stamped(line: string): string {
  const time = Date.now();
  if (last.time !== time || last.line !== line) {
    last = { time, line, text: `${new Date(time).toISOString()} ${printableLine(line)}\n` };
  }
  return last.text;
}
