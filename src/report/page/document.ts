/*
 * What a report is made of, before it is a page, a text or JSON: sections write these, and know of no markup.
 */

/** A part of a line of text; names that come from data are texts, so that no part of them can be markup. */
export type Span =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly emphasis: string }
  | { readonly link: string; readonly to: string };

/** A line or a paragraph of text. */
export type Prose = readonly Span[];

/** One cell of a table. */
export interface Cell {
  readonly text: Prose;
  /** A picture behind the text that says the same, as SVG for a page; it is left out where there are only texts. */
  readonly bar?: string;
  /** How dark the cell is, from 0 to 1. */
  readonly heat?: number;
  /** Number of the cluster that the cell is about: it has its colour and shape beside it. */
  readonly cluster?: number;
}

/** A table, numbered in the order of the report. */
export interface TableBlock {
  readonly type: "table";
  readonly caption: string;
  /** Names of the columns. */
  readonly header: readonly string[];
  /** As many cells in each as the header has. */
  readonly rows: readonly (readonly Cell[])[];
  /** How many columns from the left are texts; those after them are numbers, to the right. */
  readonly nTexts: number;
  /** Said below it. */
  readonly note?: Prose;
  /** The same as numbers and texts for whoever computes with it, where the table rounds or leaves out. */
  readonly data?: { readonly header: readonly string[]; readonly rows: readonly (readonly Value[])[] };
}

/** What a cell of a file of the table holds. */
export type Value = string | number | boolean | null;

/** A figure, numbered in the order of the report. */
export interface FigureBlock {
  readonly type: "figure";
  /** SVG documents in the ink of a page, side by side where there is room. */
  readonly svgs: readonly string[];
  /** What those read who do not see it. */
  readonly alt: string;
  readonly caption: Prose;
}

/** A part of a section; `files` is where a page offers what it carries. */
export type Block =
  | TableBlock
  | FigureBlock
  | { readonly type: "paragraph" | "lead" | "quote" | "small" | "files"; readonly text: Prose }
  | { readonly type: "warning"; readonly title: string; readonly items: readonly Prose[] }
  | { readonly type: "list"; readonly items: readonly Prose[] }
  | { readonly type: "heading"; readonly text: string }
  | { readonly type: "code"; readonly text: string; readonly name: string }
  | { readonly type: "badges"; readonly badges: readonly Badge[] }
  | { readonly type: "tiles"; readonly tiles: readonly (readonly [value: string, name: string])[] }
  | { readonly type: "details"; readonly summary: string; readonly blocks: readonly Block[] };

/** What is known of a run at a glance. */
export interface Badge {
  readonly state: "good" | "bad" | "plain";
  readonly text: string;
}

/** A part of the report with a heading of its own. */
export interface Section {
  /** In addresses, e.g. "what-left". */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A whole report. */
export interface ReportDocument {
  readonly title: string;
  /** Below the title: when, how long, which program, which run. */
  readonly subtitle: Prose;
  /** The head first. */
  readonly sections: readonly Section[];
  /** What the page carries for programs, by its name: JSON texts, such as an RO-Crate. */
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly text: string }[];
}

/** A template whose values stay what they are: say`run ${code(hash)} of ${name}`. */
export function say(texts: TemplateStringsArray, ...values: readonly (Span | number)[]): Prose {
  return texts.flatMap((text, i) => {
    const value = values[i];
    if (value === undefined) return text === "" ? [] : [text];
    return [...(text === "" ? [] : [text]), typeof value === "number" ? String(value) : value];
  });
}

export function code(text: string): Span {
  return { code: text };
}

export function strong(text: string | number): Span {
  return { strong: String(text) };
}

export function link(text: string, to: string): Span {
  return { link: text, to };
}

/** Cells of plain texts and numbers. */
export function cells(...values: readonly (string | number | Cell)[]): Cell[] {
  return values.map((value) => (typeof value === "object" ? value : { text: [String(value)] }));
}

/** A text without its markup. */
export function plain(text: Prose): string {
  return text
    .map((span) => {
      if (typeof span === "string") return span;
      if ("code" in span) return span.code;
      if ("strong" in span) return span.strong;
      return "emphasis" in span ? span.emphasis : span.link;
    })
    .join("");
}
