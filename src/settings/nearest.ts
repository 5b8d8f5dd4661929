/** Letters that a slip of the hand changes at most. */
const SLIP = 2;

/**
 * What to say after a name that is unknown: the one that was probably meant, else all that there are.
 *
 * @returns "did you mean kGlobal?" or "expected one of data, kGlobal, ..."
 */
export function expectedNames(found: string, names: readonly string[]): string {
  const bare = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, "");
  const [nearest] = names
    .map((name) => ({ name, changes: changesBetween(bare(found), bare(name)) }))
    .filter(({ name, changes }) => changes <= Math.min(SLIP, name.length / 4))
    .sort((a, b) => a.changes - b.changes);
  return nearest === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${nearest.name}?`;
}

/** Letters to insert, leave out or replace to make one word of another (Levenshtein). */
function changesBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length];
}
