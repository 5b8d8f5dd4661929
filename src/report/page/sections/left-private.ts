import { epsilonText } from "../../../federation/client/budget/epsilon-text.js";
import { exp } from "../../../numerics/elementary.js";
import { detectionRate } from "../../../privacy/best-test.js";
import { describeDelta } from "../../../workflow/protection.js";
import { type Block, cells, code, type Prose, say, strong, type TableBlock } from "../document.js";
import type { PrivateFacts } from "../private-facts.js";
import { privacyText } from "../private-facts.js";
import { count, percent, rounded } from "../words.js";

/** Tests for a row are compared where so many of those who were not there are taken for having been. */
const FALSE_ALARMS = 0.05;

/** What differential privacy comes to: in the words of whoever answers for the rows, and in its own. */
export function privateLead(facts: PrivateFacts): Block[] {
  const { muSpent, delta } = facts;
  const epsilon = epsilonText(muSpent ** 2, delta);
  return [
    {
      type: "lead",
      text: say`Spent at each client: at most ${strong(privacyText(facts))}, for any one row.`,
    },
    { type: "paragraph", text: inPlainWords(muSpent) },
    {
      type: "paragraph",
      text: say`In the words of differential privacy: what left each client is (ε, δ)-differentially private for one row more or less, ε = ${epsilon}, δ = ${describeDelta(delta)}. Whatever one looks for in what left, its probability with the row is at most ${`e^${epsilon} = ${factor(Number(epsilon))}`} times that without it plus ${oneIn(delta)}, and the other way round. That holds whatever else is known, against the server too, and for all that is computed from it, these results among it.`,
    },
  ];
}

/** What the best of all tests for a row can do: sensitivity at a given rate of false alarms, which physicians know. */
function inPlainWords(mu: number): Prose {
  return say`Could anybody tell whether one row, a patient's say, was at a client? Whoever sees all that left it, and knows all other rows, can test for it. Of all tests with false alarms in ${100 * FALSE_ALARMS} of 100 patients who were not there, the best detects at most ${strong(hits(mu))} of 100 who were; guessing detects ${100 * FALSE_ALARMS}.`;
}

/** How far several rows are protected, and a row that is changed, from the same account. */
export function rowTable({ muSpent, delta }: PrivateFacts): TableBlock {
  const cases = [
    ["one row is there, or is not", 1],
    ["a person has a row at each of two clients", Math.SQRT2],
    ["one row is another one, or a person has two rows at a client", 2],
    ["a person has five rows at a client", 5],
    ["a person has ten rows at a client", 10],
  ] as const;
  return {
    type: "table",
    caption: `What a row could change: how far it, or several of them, are protected at delta ${describeDelta(delta)}`,
    header: [
      "what differs",
      "epsilon",
      "as one Gaussian mechanism, mu",
      `best test's detections, with ${100 * FALSE_ALARMS} % false alarms`,
    ],
    nTexts: 1,
    rows: cases.map(([what, times]) =>
      cells(
        what,
        epsilonText((times * muSpent) ** 2, delta),
        rounded(times * muSpent),
        `${hits(times * muSpent)} %`,
      ),
    ),
    note: say`By the account of Gaussian noise: c rows spend c times the mu of one, and rows at two clients √2 times. Upper bounds, all of them.`,
    data: {
      header: ["what_differs", "mu", "delta", "epsilon", "false_alarms", "detections"],
      rows: cases.map(([what, times]) => [
        what,
        times * muSpent,
        delta,
        Number(epsilonText((times * muSpent) ** 2, delta)),
        FALSE_ALARMS,
        detectionRate(times * muSpent, FALSE_ALARMS),
      ]),
    },
  };
}

/** What each client was asked: how many numbers, and how much noise came to each. */
export function questionTable({ questions, mu, delta }: PrivateFacts): TableBlock {
  return {
    type: "table",
    caption: "Questions, each answered once by each client",
    header: [
      "question",
      "of",
      "centres",
      "numbers with noise",
      "share of mu²",
      "epsilon, were it alone",
      "noise of a count, in rows",
    ],
    nTexts: 2,
    rows: questions.map(({ round, centres, numbers, share, countSigma }, question) =>
      cells(
        String(question + 1),
        round === 0 ? "the\u00a0start" : `round\u00a0${round}`,
        count(centres),
        count(numbers),
        percent(share, 1),
        epsilonText(mu * mu * share, delta),
        `± ${rounded(countSigma)}`,
      ),
    ),
    note: say`An answer holds, of each centre, the number of rows nearest to it and the sum of their differences from it, and one sum of all rows' squared distances. Noise of a count: its standard deviation at each client. How many questions there are, and their shares, follows from public figures. ${code("mu²")} of questions add up; their epsilons do not.`,
    data: {
      header: ["question", "round", "centres", "numbers", "share", "count_sigma"],
      rows: questions.map(({ round, centres, numbers, share, countSigma }, question) => [
        question,
        round,
        centres,
        numbers,
        share,
        countSigma,
      ]),
    },
  };
}

/** Of 100, from above. */
function hits(mu: number): string {
  return String(Math.min(100, Math.ceil(1000 * detectionRate(mu, FALSE_ALARMS)) / 10));
}

/** e^epsilon in three digits, from above. */
function factor(epsilon: number): string {
  const value = exp(epsilon);
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  const above = Number((Math.ceil(value / unit) * unit).toPrecision(3));
  if (value >= 1e6) return above.toExponential(2);
  return value < 1000 ? String(above) : count(above);
}

/** A small probability as people say it, from above. */
function oneIn(delta: number): string {
  const one = Math.floor(1 / delta + 1e-6);
  return `one in ${one === 1e6 ? "a million" : count(one)}`;
}
