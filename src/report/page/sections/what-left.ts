import { type Block, code, type Prose, type Section, say, strong } from "../document.js";
import type { RunFacts } from "../facts.js";
import { FIELDS, PRIVATE_FIELDS } from "../ledger-words.js";
import { type ClientLeft, leftByClient, smallestMean } from "../left.js";
import { notPromised, whatWasHeldTo } from "../promises.js";
import { count, listed } from "../words.js";
import { phaseTable } from "./left-phases.js";
import { privateLead, questionTable, rowTable } from "./left-private.js";
import { requestTable, withheldTable } from "./left-requests.js";
import { clientTable } from "./left-tables.js";

/** What left each client, as whoever answers for its rows reads it; and what is not promised. */
export function whatLeft(facts: RunFacts): Section {
  const left = leftByClient(facts);
  const { summary, ledgers, privately } = facts;
  const isUnknown =
    !summary.isOurs && ledgers === null && summary.clients.every(({ privacy }) => privacy === null);
  const blocks: Block[] = [
    { type: "paragraph", text: source(facts, left) },
    ...(privately === null ? smallest(facts, left) : privateLead(privately)),
    ...(isUnknown
      ? []
      : ([
          { type: "heading", text: "What the clients held to" },
          { type: "list", items: whatWasHeldTo(facts) },
        ] as const)),
    ...(privately === null ? [] : [rowTable(privately), questionTable(privately)]),
    ...(ledgers === null ? [] : phaseTable(facts, ledgers)),
    ...(isUnknown ? [] : clientTable(facts, left)),
    ...folded("Who was asked what, and what was refused", requestTable(facts)),
    ...refusals(facts),
    ...folded("Means withheld, round by round", withheldTable(facts)),
    ...glossary(facts),
    { type: "heading", text: "What this does not promise" },
    { type: "list", items: notPromised(facts) },
  ];
  return { id: "what-left", title: "What left each client", blocks };
}

function source({ ledgers, isSimulation, summary, privately }: RunFacts, left: readonly ClientLeft[]): Prose {
  const simulated = isSimulation
    ? "All clients were on one machine: what follows is what their messages held, which is what would leave clients elsewhere. "
    : "";
  if (summary.isExport) {
    return say`All clients were on one machine. This directory was exported: the clients' own records of what they sent are not in it.`;
  }
  if (ledgers === null && !summary.isOurs) {
    return say`What left each client, and what it held to, this directory does not say: another program wrote it.`;
  }
  if (ledgers === null) {
    const how =
      summary.deployment === null
        ? say`No ledger was kept (${code("--no-record-ledger")}), or it is gone.`
        : privately !== null
          ? say`The clients kept ledgers themselves, which are theirs.`
          : say`The clients kept ledgers themselves; ${code("fedkmeans collect")} brings them here.`;
    return [
      ...say`${simulated}What left, message by message, this directory does not say. `,
      ...how,
      ...(privately === null
        ? say` What follows is what each client declared at the handshake.`
        : say` What follows is what each client declared at the handshake, and what the run's questions come to: a client answers none beyond its own terms.`),
    ];
  }
  const missing = left.filter(({ hasLedger }) => !hasLedger).map(({ name }) => name);
  const some = missing.length === 0 ? "" : ` The ledger of ${listed(missing)} is not here.`;
  return say`${simulated}From the clients' own ledgers, in which each wrote a line before an answer left it.${some}`;
}

/** The least number of rows behind anything that left, in one line. */
function smallest(facts: RunFacts, left: readonly ClientLeft[]): Block[] {
  const { ledgers, summary } = facts;
  if (ledgers === null) {
    const declared = summary.clients.flatMap(({ privacy }) =>
      privacy?.mode === "groups" ? [privacy.group_size] : [],
    );
    if (declared.length < summary.clients.length) return [];
    const least = Math.min(...declared);
    return [
      {
        type: "lead",
        text: say`Smallest group behind any number that left, as declared: ${strong(rows(least))}.`,
      },
    ];
  }
  const of = (value: (client: ClientLeft) => number | null) => {
    const known = left.flatMap((client) => value(client) ?? []);
    return known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b));
  };
  const weight = of((client) => client.smallestWeight);
  const labels = of((client) => client.smallestLabelCount);
  if (weight === null) return [{ type: "lead", text: say`No number that is of rows left.` }];
  const names = left.filter((client) => client.smallestWeight === weight).map(({ name }) => name);
  const who =
    names.length === left.length
      ? "at each client"
      : names.length > 3
        ? `at ${count(names.length)} of ${count(left.length)} clients`
        : listed(names);
  const apart =
    labels !== null && labels < weight
      ? say` Counts of labels are apart: the smallest is of ${strong(rows(labels))}.`
      : [];
  const mean = smallestMean(facts);
  const ofMeans =
    mean === null || mean <= weight
      ? []
      : say` That number is a count: behind each mean that left in a round are ${strong(rows(mean))} or more.`;
  return [
    {
      type: "lead",
      text: [
        ...say`Smallest group of rows behind any number that left: ${strong(rows(weight))} (${who}).`,
        ...ofMeans,
        ...apart,
      ],
    },
  ];
}

function rows(value: number): string {
  return value === 1 ? "1 row" : `${count(value)} rows`;
}

function folded(summary: string, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [{ type: "details", summary, blocks }];
}

/** The most refusals that are told one by one. */
const MOST_REFUSALS = 20;

function refusals({ ledgers }: RunFacts): Block[] {
  if (ledgers === null) return [];
  const refused = ledgers.flatMap(({ client, request, reasons }) =>
    reasons.map((reason) => say`${client} refused ${code(request)}: ${reason}`),
  );
  if (refused.length === 0) return [{ type: "paragraph", text: say`Nothing was refused.` }];
  const more = refused.length - MOST_REFUSALS;
  return [
    {
      type: "list",
      items: [
        ...refused.slice(0, MOST_REFUSALS),
        ...(more > 0 ? [say`${count(more)} more, which ${code("fedkmeans ledger")} lists.`] : []),
      ],
    },
  ];
}

/** What the fields that left hold. */
function glossary({ ledgers, privately }: RunFacts): Block[] {
  const names = [...new Set((ledgers ?? []).flatMap(({ fields }) => [...fields.keys()]))];
  if (names.length === 0) return [];
  const fields = privately === null ? FIELDS : PRIVATE_FIELDS;
  const items = names.map((name) => say`${code(name)}: ${fields[name] ?? "of another version"}`);
  return [{ type: "details", summary: "What each field holds", blocks: [{ type: "list", items }] }];
}
