import { type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { bibtexOf, CITATIONS, type CitationKey, softwareEntry } from "../methods/citations.js";
import { methodsParagraph } from "../methods/paragraph.js";

/** A paragraph for a paper, from the run's record; and what it cites. */
export function methods(facts: RunFacts): Section {
  const { text, cites } = methodsParagraph(facts);
  const version = facts.summary.provenance.environment?.fedkmeans ?? null;
  const keys = (Object.keys(CITATIONS) as CitationKey[]).filter((key) => cites.includes(key));
  const entries = [...keys.map(bibtexOf), ...(facts.summary.isOurs ? [softwareEntry(version)] : [])];
  return {
    id: "methods",
    title: "Methods",
    blocks: [
      { type: "quote", text: [text] },
      {
        type: "small",
        text: say`Made from the record of the run, of what was set and of what came of it. Free to use, in whole or in part (CC0).`,
      },
      ...(entries.length === 0
        ? []
        : [
            {
              type: "details" as const,
              summary: "BibTeX of what it cites",
              blocks: [{ type: "code" as const, name: "references.bib", text: `${entries.join("\n\n")}\n` }],
            },
          ]),
    ],
  };
}
