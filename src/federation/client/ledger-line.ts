import { createHash } from "node:crypto";
import { fieldsText, type LedgerLine, ledgerText } from "../../directory/ledger-line.js";
import { canonicalBytes, payloadBytes } from "../../workflow/canonical-bytes.js";
import { checkMessage, type Message } from "../../workflow/message.js";
import { formOf } from "./message-form.js";

/** Characters of a reason at most. */
const LONGEST_REASON = 1000;

/** What became of a request at a client. */
export type Outcome =
  | { readonly reply: Message; readonly smallestWeight: number | null }
  | { readonly refused: string };

/**
 * A line of a client's ledger.
 *
 * @param request anything
 */
export function ledgerLine(request: unknown, outcome: Outcome): string {
  const isAnswered = "reply" in outcome;
  return ledgerText({
    time: now(),
    asked: askedText(request),
    reply: isAnswered ? outcome.reply.kind : null,
    shapes: isAnswered ? formOf(outcome.reply).shapes : "{}",
    bytes: isAnswered ? payloadBytes(outcome.reply) : 0,
    smallestWeight: isAnswered ? outcome.smallestWeight : null,
    refused: isAnswered ? null : outcome.refused.slice(0, LONGEST_REASON),
  });
}

/*
 * Thousands of clients of one thread answer the same request, one after the other: they share its hash and its text.
 */

let lastTime = { time: 0, text: "" };

function now(): string {
  const time = Date.now();
  if (lastTime.time !== time) lastTime = { time, text: new Date(time).toISOString() };
  return lastTime.text;
}

let last: { request: unknown; text: string } | null = null;

function askedText(request: unknown): string {
  if (last === null || last.request !== request) last = { request, text: fieldsText(factsOf(request)) };
  return last.text;
}

function factsOf(request: unknown): Pick<LedgerLine, "exchange" | "request" | "request_sha256"> {
  try {
    const message = checkMessage(request);
    const hash = createHash("sha256");
    for (const part of canonicalBytes(message)) hash.update(part);
    const isNumbered = Number.isSafeInteger(message.exchange) && message.exchange! >= 0;
    const exchange = isNumbered ? message.exchange! : null;
    return { exchange, request: message.kind, request_sha256: hash.digest("hex") };
  } catch {
    return { exchange: null, request: null, request_sha256: null };
  }
}
