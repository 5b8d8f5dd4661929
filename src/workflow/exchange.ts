import { checkMessage, type Message, malformed, shown } from "./message.js";

/** The reply to a request, which says what it answers. */
export function answering(request: Message, reply: Message): Message {
  return request.exchange === undefined ? reply : { ...reply, exchange: request.exchange };
}

/**
 * Checks that what came back is an answer to this request, and to none before it: two requests of one run may have
 * answers of the same kind and shapes.
 *
 * @param reply anything
 * @throws RunError if it is no message, of another kind than was asked for, or answers another exchange
 */
export function checkAnswers(request: Message, reply: unknown): Message {
  const message = checkMessage(reply);
  const kind = replyKind(request);
  if (message.kind !== kind) {
    throw malformed(request, "its answer", `the kind "${kind}"`, shown(message.kind));
  }
  if (message.exchange !== request.exchange) {
    const expected = `an answer to exchange ${request.exchange}`;
    throw malformed(message, "its exchange", expected, `one to ${shown(message.exchange)}`);
  }
  return message;
}

/** What a request asks for. The clustering phase has several requests for the same. */
function replyKind({ kind, scalars }: Message): string {
  switch (kind) {
    case "clustering/start":
    case "clustering/summary":
    case "clustering/k-fed":
      return "clustering/local_means";
    case "clustering/update":
      return scalars.algorithm === "lloyd" ? "clustering/local_sums" : "clustering/local_means";
    default:
      return kind;
  }
}
