import { covering, type FieldShape, type LedgerTotals } from "../../../directory/ledger-summary.js";
import { cells, code, type Prose, say, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { PHASES } from "../ledger-words.js";
import { bytesText, clientTitle, count } from "../words.js";

/** Clients that have a column each, at most. */
const MOST_COLUMNS = 6;

interface PhaseTotals {
  readonly phase: string;
  readonly fields: Map<string, FieldShape>;
  /** Values that left, by client. */
  readonly values: Map<string, number>;
  messages: number;
  bytes: number;
}

/** What was sent, phase by phase: in the order of a run, then what is of no phase. */
function totalsByPhase(ledgers: readonly LedgerTotals[]): PhaseTotals[] {
  const order = new Map(PHASES.flatMap(({ name, requests }) => requests.map((request) => [request, name])));
  const found = new Map<string, PhaseTotals>(PHASES.map(({ name }) => [name, emptyPhase(name)]));
  for (const row of ledgers) {
    const phase = order.get(row.request) ?? row.request;
    const total = found.get(phase) ?? emptyPhase(phase);
    found.set(phase, total);
    total.messages += row.messages;
    total.bytes += row.bytes;
    total.values.set(row.client, (total.values.get(row.client) ?? 0) + row.values);
    for (const [name, shape] of row.fields) total.fields.set(name, covering(total.fields.get(name), shape));
  }
  return [...found.values()].filter(({ messages }) => messages > 0);
}

function emptyPhase(phase: string): PhaseTotals {
  return { phase, fields: new Map(), values: new Map(), messages: 0, bytes: 0 };
}

/** Fields, shapes, values and bytes of each phase: by client, or of many clients the least and the most. */
export function phaseTable({ summary }: RunFacts, ledgers: readonly LedgerTotals[]): TableBlock[] {
  const phases = totalsByPhase(ledgers);
  const names = summary.clients.map(({ name }) => name);
  const hasColumns = names.length <= MOST_COLUMNS;
  const sum = ({ values }: PhaseTotals) => [...values.values()].reduce((a, b) => a + b, 0);
  const ofClients = ({ values }: PhaseTotals) => {
    if (hasColumns) return names.map((name) => count(values.get(name) ?? 0));
    const all = names.map((name) => values.get(name) ?? 0);
    return [count(Math.min(...all)), count(Math.max(...all))];
  };
  return [
    {
      type: "table",
      caption: "What left, phase by phase: values, which are numbers, truth values and texts",
      header: [
        "phase",
        "fields of one message",
        ...(hasColumns ? names.map(clientTitle) : ["least of a client", "most of a client"]),
        "in all",
        "bytes in all",
      ],
      nTexts: 2,
      rows: phases.map((phase) => [
        ...cells(phase.phase),
        { text: fieldsText(phase.fields) },
        ...cells(...ofClients(phase), count(sum(phase)), bytesText(phase.bytes)),
      ]),
      note: say`In brackets a field's lengths in one message; without brackets it is one value. Bytes are of the values, without what a carrier adds.`,
      data: {
        header: [
          "phase",
          "fields",
          "messages",
          ...(hasColumns ? names : ["least_of_a_client", "most_of_a_client"]),
          "values",
          "bytes",
        ],
        rows: phases.map((phase) => [
          phase.phase,
          [...phase.fields].map(([name, shape]) => `${name}${shapeText(shape)}`).join(" "),
          phase.messages,
          ...ofClients(phase).map((text) => Number(text.replaceAll(",", ""))),
          sum(phase),
          phase.bytes,
        ]),
      },
    },
  ];
}

function fieldsText(fields: ReadonlyMap<string, FieldShape>): Prose {
  if (fields.size === 0) return ["nothing"];
  return [...fields].flatMap(([name, shape], i) => [
    ...(i === 0 ? [] : [", "]),
    code(name),
    ...(shape.most.length === 0 ? [] : [` (${shapeText(shape).slice(1, -1)})`]),
  ]);
}

function shapeText({ least, most }: FieldShape): string {
  if (most.length === 0) return "";
  const lengths = most.map((length, i) => (least[i] === length ? String(length) : `${least[i]}–${length}`));
  return `(${lengths.join(" × ")})`;
}
