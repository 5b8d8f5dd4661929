/**
 * Characters that do something to a terminal, or to the order in which text reads, instead of standing for something:
 * controls other than tab and line feed, line separators, and the marks that turn text around.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text as it may be shown on a terminal or written to a log, whoever wrote it: names of clients, features and classes,
 * paths and reasons come from data and from other parties. What would act is written as its escape, e.g. \u001b.
 */
export function printable(text: string): string {
  return text.replaceAll(ACTING, escaped);
}

/** The same, where it is to stay on its line and in its column. */
export function printableLine(text: string): string {
  return printable(text).replaceAll(/[\t\n]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A count of things: "1 row", "2 rows". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
