import type { ClientPrivacy } from "../../../directory/clients.js";
import { roundedUp } from "../../../federation/client/budget/epsilon-text.js";
import { type Cell, cells, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import type { ClientLeft } from "../left.js";
import type { PrivateFacts } from "../private-facts.js";
import { bytesText, count } from "../words.js";

/** Clients that have a row each, at most; and of more, how many of them have one. */
const MOST_ROWS = 40;
const FEWEST = 20;

/** What left each client; of many clients those with the smallest groups, and how the others lie. */
export function clientTable(facts: RunFacts, left: readonly ClientLeft[]): TableBlock[] {
  const { mayWithhold, summary } = facts;
  const hasLedgers = facts.ledgers !== null;
  const isNoisy = hasLedgers && facts.privately !== null;
  const isHeld = left.some(({ held }) => held !== null);
  const hasLabels = left.some(({ smallestLabelCount }) => smallestLabelCount !== null);
  const declared = new Map(summary.clients.map(({ name, privacy }) => [name, privacy]));
  const isMany = left.length > MOST_ROWS;
  const known = (client: ClientLeft) => client.smallestWeight ?? declared.get(client.name)?.group_size ?? 0;
  const shown = isMany ? [...left].sort((a, b) => known(a) - known(b)).slice(0, FEWEST) : left;
  const number = (value: number | null) => (value === null ? "–" : count(value));
  const size = (name: string) => declared.get(name)?.group_size ?? null;
  const notes = [
    ...(isMany ? [spread(left), `The CSV has all ${count(left.length)}.`] : []),
    ...(isHeld ? [NOTE] : []),
  ];
  return [
    {
      type: "table",
      caption: isMany
        ? `What left each client in all: the ${FEWEST} with the smallest groups`
        : "What left each client in all",
      header: [
        "client",
        hasLedgers ? "held to" : "declared to hold to",
        ...(isNoisy ? ["epsilon spent", "in all its runs"] : []),
        ...(hasLedgers && !isNoisy ? ["smallest group behind a number"] : []),
        ...(hasLabels ? ["smallest count of labels"] : []),
        ...(hasLedgers ? ["messages", "values sent", "bytes"] : []),
        ...(isHeld ? ["numbers held"] : []),
        ...(mayWithhold ? ["means withheld"] : []),
        ...(hasLedgers ? ["refused"] : []),
      ],
      nTexts: 2,
      rows: shown.map((client): Cell[] => [
        ...cells(client.name, heldText(declared.get(client.name) ?? null, facts.privately)),
        ...(isNoisy ? [client.epsilon, client.epsilonInAll].map(spentCell) : []),
        ...(hasLedgers && !isNoisy ? [{ text: [{ strong: number(client.smallestWeight) }] }] : []),
        ...(hasLabels ? cells(number(client.smallestLabelCount)) : []),
        ...(hasLedgers
          ? cells(
              number(client.messages),
              number(client.values),
              client.bytes === null ? "–" : bytesText(client.bytes),
            )
          : []),
        ...cells(...(isHeld ? [number(client.held)] : []), ...(mayWithhold ? [count(client.withheld)] : [])),
        ...(hasLedgers ? cells(number(client.refused)) : []),
      ]),
      ...(notes.length > 0 && { note: [notes.join(" ")] }),
      data: {
        header: [
          "client",
          "declared_group_size",
          "smallest_weight",
          "smallest_label_count",
          "epsilon",
          "epsilon_in_all",
          "messages",
          "values",
          "bytes",
          "held",
          "withheld",
          "refused",
        ],
        rows: left.map((client) => [
          client.name,
          size(client.name),
          client.smallestWeight,
          client.smallestLabelCount,
          client.epsilon,
          client.epsilonInAll,
          client.messages,
          client.values,
          client.bytes,
          client.held,
          client.withheld,
          client.refused,
        ]),
      },
    },
  ];
}

function spentCell(epsilon: number | null): Cell {
  return { text: [{ strong: epsilon === null ? "–" : roundedUp(epsilon) }] };
}

const NOTE = "Numbers held are a client's rows times their features.";

/** What a client held to, in few words. */
function heldText(privacy: ClientPrivacy | null, privately: PrivateFacts | null): string {
  if (privacy === null) return "not said";
  if (privacy.mode === "dp") {
    return privately === null ? "noise" : `epsilon\u00a0${privately.epsilon} a\u00a0run`;
  }
  if (privacy.mode !== "groups") return `threshold\u00a0${privacy.privacy_threshold}`;
  return privacy.group_size === 1 ? "single\u00a0rows" : `groups\u00a0of\u00a0${privacy.group_size}+`;
}

/** Of all clients: the smallest group behind a number, and the values sent. */
function spread(left: readonly ClientLeft[]): string {
  const said = (
    [
      ["Smallest group behind a number", (client: ClientLeft) => client.smallestWeight],
      ["Values sent", (client: ClientLeft) => client.values],
    ] as const
  ).flatMap(([what, value]) => {
    const known = left.flatMap((client) => value(client) ?? []).sort((a, b) => a - b);
    if (known.length === 0) return [];
    const at = (share: number) => count(known[Math.round(share * (known.length - 1))]);
    return [
      `${what}: ${at(0)} at least, ${at(0.25)} and ${at(0.75)} at the quartiles, ${at(0.5)} at the median, ${at(1)} at most.`,
    ];
  });
  return said.join(" ");
}
