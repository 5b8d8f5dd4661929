import type { Badge, ReportDocument, Section } from "./document.js";
import type { RunFacts } from "./facts.js";
import { noteSection } from "./note.js";
import { clients } from "./sections/clients.js";
import { clusters } from "./sections/clusters.js";
import { convergence } from "./sections/convergence.js";
import { head, subtitle } from "./sections/head.js";
import { keyFrames } from "./sections/key-frames.js";
import { quality } from "./sections/quality.js";
import { whatLeft } from "./sections/what-left.js";

/** What whoever asks for a report may choose. */
export interface ReportOptions {
  /** Stands at the top. Default: the name of the directory. */
  readonly title: string | null;
  /** Whether rows that the directory holds may be drawn. */
  readonly showsRows: boolean;
  /** What else is known, e.g. that the run was run again. */
  readonly badges: readonly Badge[];
  /** What whoever makes it has to say; null for nothing. */
  readonly note: string | null;
}

/**
 * A run's report, from what its directory holds alone: the same directory gives the same document.
 */
export function reportOf(facts: RunFacts, options: ReportOptions): ReportDocument {
  const { showsRows, badges, note } = options;
  const sections: (Section | null)[] = [
    head(facts, badges),
    note === null ? null : noteSection(note),
    clusters(facts, showsRows),
    quality(facts),
    convergence(facts),
    clients(facts),
    whatLeft(facts),
    keyFrames(facts, showsRows),
  ];
  return {
    title: options.title ?? facts.name,
    subtitle: subtitle(facts),
    sections: sections.filter((section) => section !== null),
    attachments: [],
  };
}
