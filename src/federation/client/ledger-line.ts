import { createHash } from "node:crypto";
import {
  askedText,
  type Fewest,
  type LedgerLine,
  ledgerText,
  type SpentFields,
  sentText,
} from "../../directory/ledger-line.js";
import { canonicalBytes, payloadBytes } from "../../workflow/canonical-bytes.js";
import { checkMessage, type Message } from "../../workflow/message.js";
import { formOf, type MessageForm } from "./message-form.js";

/** Characters of a reason at most. */
const LONGEST_REASON = 1000;

/** What became of a request at a client. */
export type Outcome =
  | { readonly reply: Message; readonly fewest: Fewest; readonly spent: SpentFields | null }
  | { readonly refused: string };

/**
 * A line of a client's ledger.
 *
 * @param request anything
 */
export function ledgerLine(request: unknown, outcome: Outcome): string {
  const asked = askedOf(request);
  if ("reply" in outcome) {
    const { reply, fewest, spent } = outcome;
    return ledgerText(asked, sentOf(reply), fewest, { spent, refused: null });
  }
  return ledgerText(asked, NOTHING_SENT, NOTHING, {
    spent: null,
    refused: outcome.refused.slice(0, LONGEST_REASON),
  });
}

const NOTHING: Fewest = { weight: null, labelCount: null };
const NOTHING_SENT = sentText({ reply: null, fields: {}, bytes: 0 });

/*
 * Thousands of clients of one thread answer the same request, one after the other, with replies of few forms: they share
 * its hash and what else of a line is the same.
 */

let lastAsked: { time: number; request: unknown; text: string } | null = null;

function askedOf(request: unknown): string {
  const time = Date.now();
  if (lastAsked === null || lastAsked.time !== time || lastAsked.request !== request) {
    const text = askedText({ time: new Date(time).toISOString(), ...factsOf(request) });
    lastAsked = { time, request, text };
  }
  return lastAsked.text;
}

type Facts = Pick<LedgerLine, "exchange" | "request" | "request_sha256">;
let lastFacts: { request: unknown; facts: Facts } | null = null;

function factsOf(request: unknown): Facts {
  if (lastFacts === null || lastFacts.request !== request) lastFacts = { request, facts: newFacts(request) };
  return lastFacts.facts;
}

function newFacts(request: unknown): Facts {
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

const sentTexts = new WeakMap<MessageForm, string>();

function sentOf(reply: Message): string {
  const form = formOf(reply);
  const { kind, shapes: fields, hasTexts } = form;
  // Texts of one form may have other bytes.
  if (hasTexts) return sentText({ reply: kind, fields, bytes: payloadBytes(reply) });
  let text = sentTexts.get(form);
  if (text === undefined) {
    text = sentText({ reply: kind, fields, bytes: payloadBytes(reply) });
    sentTexts.set(form, text);
  }
  return text;
}
