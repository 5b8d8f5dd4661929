/** A page of ten thousand clients has some 3 MB; rows and notes add to it. */
export const MAX_PAGE_BYTES: number = 2 ** 27;

/** What a page carries for programs, by name. */
export function attachmentsOf(page: string): Map<string, string> {
  const found = page.matchAll(
    /<script type="application\/(?:ld\+)?json" data-name="([^"]*)">([^<]*)<\/script>/g,
  );
  return new Map([...found].map(([, name, text]) => [name, text]));
}
