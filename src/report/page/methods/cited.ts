import { CITATIONS, type CitationKey } from "./citations.js";

/** Text, and what it cites. */
export interface Cited {
  readonly text: string;
  readonly cites: readonly CitationKey[];
}

/** A template whose keys of works become how the text names them: cite`k-means (${"lloyd1982"})`. */
export function cite(texts: TemplateStringsArray, ...values: readonly (CitationKey | Cited)[]): Cited {
  const cites: CitationKey[] = [];
  const said = texts.map((text, i) => {
    const value = values[i];
    if (value === undefined) return text;
    if (typeof value === "string") {
      cites.push(value);
      return text + CITATIONS[value].text;
    }
    cites.push(...value.cites);
    return text + value.text;
  });
  return { text: said.join(""), cites };
}

/** Text that cites nothing. */
export function told(text: string): Cited {
  return { text, cites: [] };
}

/** Sentences one after the other; null is none. */
export function joined(sentences: readonly (Cited | null)[]): Cited {
  const all = sentences.filter((sentence) => sentence !== null);
  return { text: all.map(({ text }) => text).join(" "), cites: all.flatMap(({ cites }) => cites) };
}
