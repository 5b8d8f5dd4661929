/** A heading of a page's contents. */
export interface Heading {
  id: string;
  level: number;
  /** Its words, as markup. */
  html: string;
}

const HEADING = /<h([1-6])\b([^>]*)>([\s\S]*?)<\/h\1>/gi;

/**
 * Gives each heading an address of its own, and takes away nbconvert's marks that lead to them.
 *
 * @param headings where they are added
 */
export function nameHeadings(html: string, headings: Heading[]): string {
  return html.replaceAll(HEADING, (_, level: string, attributes: string, inner: string) => {
    const words = inner.replaceAll(/<a class="anchor-link"[\s\S]*?<\/a>/g, "").trim();
    const plain = words.replaceAll(/<[^>]*>/g, "");
    const wanted = /\bid="([^"]*)"/.exec(attributes)?.[1] || plain.replaceAll(/\s+/g, "-") || "section";
    let id = wanted.replaceAll('"', "");
    for (let i = 2; headings.some((heading) => heading.id === id); i++) id = `${wanted}-${i}`;
    headings.push({ id, level: Number(level), html: plain });
    return `<h${level} id="${id}">${words}</h${level}>`;
  });
}

/** Takes the first heading of the first level out: the page has it in its head. */
export function takeTitle(html: string): { title: string; rest: string } | null {
  const [whole, inner] = /<h1\b[^>]*>([\s\S]*?)<\/h1>/i.exec(html) ?? [];
  return whole === undefined ? null : { title: inner, rest: html.replace(whole, "") };
}
