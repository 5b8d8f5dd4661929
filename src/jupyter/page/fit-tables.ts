/** Characters of a cell beyond which its text is broken into lines. */
const LONGEST = 36;

/** Ems from which on letters that fit an upright page are too small to read: 6 points on A4. */
const WIDE = 80;

/**
 * Puts each table into a box that scrolls where it is wider than the screen, and says how wide it is in its own letters,
 * so that on paper, which does not scroll, the style can make them small enough, or turn the page.
 */
export function fitTables(html: string): string {
  return html.replaceAll(/<table\b[\s\S]*?<\/table>/gi, (table) => {
    const rows = [...table.matchAll(/<tr\b[\s\S]*?<\/tr>/gi)].map(([row]) =>
      [...row.matchAll(/<(t[hd])\b[^>]*>([\s\S]*?)<\/\1>/gi)].map(([, tag, inner]) =>
        lettersOf(inner, tag.toLowerCase() === "th"),
      ),
    );
    const nColumns = Math.max(0, ...rows.map((row) => row.length));
    const widths = Array.from({ length: nColumns }, (_, column) =>
      Math.max(1, ...rows.map((row) => Math.min(row[column] ?? 0, LONGEST))),
    );
    // A letter of a wide face is some 0.65 em wide; a cell has 1 em of padding.
    const ems = Math.ceil(widths.reduce((sum, letters) => sum + 0.65 * letters + 1, 0));
    return `<div class="table${ems > WIDE ? " wide" : ""}" tabindex="0" role="group" aria-label="Table" style="--ems:${ems}">${table}</div>`;
  });
}

/** How many letters stand side by side: of a heading, which may be broken, those of its longest word. */
function lettersOf(html: string, isHeading: boolean): number {
  const text = html.replaceAll(/<[^>]*>/g, "").replaceAll(/&\w+;/g, "&");
  return Math.max(0, ...(isHeading ? text.split(/[\s_]+/) : [text]).map((word) => word.length));
}
