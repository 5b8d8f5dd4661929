import { type Badge, plain, type ReportDocument, type Section } from "./document.js";
import type { RunFacts } from "./facts.js";
import { noteSection } from "./note.js";
import { PAGE_RECORD, pageRecord } from "./page-record.js";
import { roCrate } from "./ro-crate.js";
import { appendix } from "./sections/appendix.js";
import { clients } from "./sections/clients.js";
import { clusters } from "./sections/clusters.js";
import { configuration } from "./sections/configuration.js";
import { convergence } from "./sections/convergence.js";
import { data } from "./sections/data.js";
import { environment } from "./sections/environment.js";
import { head, subtitle, verdict } from "./sections/head.js";
import { keyFrames } from "./sections/key-frames.js";
import { methods } from "./sections/methods.js";
import { quality } from "./sections/quality.js";
import { reproduce } from "./sections/reproduce.js";
import { stability } from "./sections/stability.js";
import { whatLeft } from "./sections/what-left.js";

/** What came of running the run again. */
export interface RerunVerdict {
  readonly isSame: boolean;
  /** The verdict, and what differs, a line each. */
  readonly said: readonly string[];
  /** When, ISO 8601 in UTC. */
  readonly at: string;
}

/** What whoever asks for a report may choose. */
export interface ReportOptions {
  /** Stands at the top. Default: the name of the directory. */
  readonly title: string | null;
  /** Whether rows that the directory holds may be drawn. */
  readonly showsRows: boolean;
  /** That the run was run again; null where it was not. */
  readonly rerun: RerunVerdict | null;
  /** What whoever makes it has to say; null for nothing. */
  readonly note: string | null;
}

/**
 * A run's report, from what its directory holds alone: the same directory gives the same document.
 */
export function reportOf(facts: RunFacts, options: ReportOptions): ReportDocument {
  const { showsRows, rerun, note } = options;
  const sections: (Section | null)[] = [
    head(facts, rerun === null ? [] : [rerunBadge(rerun)]),
    note === null ? null : noteSection(note),
    clusters(facts, showsRows),
    quality(facts),
    stability(facts),
    convergence(facts),
    clients(facts),
    whatLeft(facts),
    keyFrames(facts, showsRows),
    methods(facts),
    data(facts),
    configuration(facts),
    environment(facts),
    reproduce(facts, rerun),
    appendix(facts),
  ];
  const title = options.title ?? facts.name;
  return {
    title,
    subtitle: subtitle(facts),
    sections: sections.filter((section) => section !== null),
    attachments: [
      {
        name: "ro-crate-metadata.json",
        type: "application/ld+json",
        text: roCrate(facts, title, plain(verdict(facts))),
      },
      { name: PAGE_RECORD, type: "application/json", text: pageRecord(facts, options) },
    ],
  };
}

function rerunBadge({ isSame, at }: RerunVerdict): Badge {
  const when = at.slice(0, 10);
  return isSame
    ? { state: "good", text: `run again on ${when}: the same, to the last bit` }
    : { state: "bad", text: `run again on ${when}: not the same` };
}
