/*
 * Measure (a): which sums of few rows follow by linear algebra from numbers that left, for one who knows which rows
 * are behind each of them. Exact, over integers modulo a prime: with numbers of rows as coefficients a sum lies in the
 * span there and over the rationals alike, but for a prime that divides one of their determinants.
 */

/** The largest prime below 2^26, so that products of two remainders are exact in 64 bits. */
const PRIME = 67_108_859;

/** Sums of chosen atoms that are tried before the search gives up. */
const MOST_TRIED = 2_000_000;

/** A linear functional of rows: how often each row is in a number that left, by index of the row. */
export type Functional = ReadonlyMap<number, number>;

/** A number that is the sum of some rows. */
export function sumOf(rows: Iterable<number>): Functional {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
}

/**
 * The sum of fewest rows, each once, that is a linear combination of what left.
 *
 * @param limit how many rows are enough: sums of this many or more are not looked for
 * @returns the rows; null where no sum of fewer than `limit` follows
 * @throws Error where there are too many possibilities to know
 */
export function leastSum(functionals: readonly Functional[], limit: number): number[] | null {
  const atoms = atomsOf(functionals);
  // Large atoms first: what depends on them can be in no small sum, and is not tried.
  atoms.sort((a, b) => b.rows.length - a.rows.length);
  const reduced = reducedRows(atoms, functionals.length);
  const free = reduced.filter(({ pivot }) => atoms[pivot].rows.length < limit);
  const sizes = atoms.map(({ rows }) => rows.length);
  let tried = 0;
  let best: number[] | null = null;
  let size = limit;
  const choose = (from: number, chosen: Float64Array, weight: number) => {
    if (++tried > MOST_TRIED) throw new Error("too many sums to try");
    if (weight > 0) {
      const found = asSum(chosen, sizes, size);
      if (found !== null) {
        size = found.reduce((sum, atom) => sum + sizes[atom], 0);
        best = found.flatMap((atom) => [...atoms[atom].rows]);
      }
    }
    for (let i = from; i < free.length; i++) {
      const more = weight + sizes[free[i].pivot];
      if (more >= size) continue;
      const next = chosen.slice();
      for (let a = 0; a < next.length; a++) next[a] = (next[a] + free[i].values[a]) % PRIME;
      choose(i + 1, next, more);
    }
  };
  choose(0, new Float64Array(atoms.length), 0);
  return best;
}

/** Which rows follow alone. */
export function solvedRows(functionals: readonly Functional[]): number[] {
  const atoms = atomsOf(functionals).sort((a, b) => b.rows.length - a.rows.length);
  const solved: number[] = [];
  for (const { pivot, values } of reducedRows(atoms, functionals.length)) {
    const { rows } = atoms[pivot];
    if (rows.length === 1 && values.every((value, a) => value === (a === pivot ? 1 : 0)))
      solved.push(...rows);
  }
  return solved.sort((a, b) => a - b);
}

/** Rows that every number that left counts alike: no combination tells them apart. */
interface Atom {
  readonly rows: number[];
  /** How often they are in each number that left. */
  readonly counts: number[];
}

function atomsOf(functionals: readonly Functional[]): Atom[] {
  const columns = new Map<number, number[]>();
  functionals.forEach((functional, at) => {
    for (const [row, count] of functional) {
      if (!Number.isInteger(count)) throw new Error(`a row that is in a sum ${count} times`);
      if (!columns.has(row)) columns.set(row, new Array(functionals.length).fill(0));
      columns.get(row)![at] = count;
    }
  });
  const atoms = new Map<string, Atom>();
  for (const [row, counts] of columns) {
    const name = counts.join();
    if (!atoms.has(name)) atoms.set(name, { rows: [], counts });
    atoms.get(name)!.rows.push(row);
  }
  return [...atoms.values()];
}

interface ReducedRow {
  readonly pivot: number;
  readonly values: Float64Array;
}

/** The reduced row echelon form of the functionals in terms of atoms. */
function reducedRows(atoms: readonly Atom[], nFunctionals: number): ReducedRow[] {
  const rows = Array.from({ length: nFunctionals }, (_, f) =>
    Float64Array.from(atoms, ({ counts }) => ((counts[f] % PRIME) + PRIME) % PRIME),
  );
  const reduced: ReducedRow[] = [];
  for (let pivot = 0; pivot < atoms.length; pivot++) {
    const at = rows.findIndex((row, i) => i >= reduced.length && row[pivot] !== 0);
    if (at < 0) continue;
    const top = reduced.length;
    [rows[top], rows[at]] = [rows[at], rows[top]];
    const factor = inverse(rows[top][pivot]);
    const values = rows[top];
    for (let a = 0; a < values.length; a++) values[a] = (values[a] * factor) % PRIME;
    rows.forEach((row, i) => {
      const times = PRIME - row[pivot];
      if (i === top || times === PRIME) return;
      for (let a = 0; a < row.length; a++) row[a] = (row[a] + times * values[a]) % PRIME;
    });
    reduced.push({ pivot, values });
  }
  return reduced;
}

/** By Fermat: the power of PRIME - 2. */
function inverse(value: number): number {
  let [result, base, left] = [1, value, PRIME - 2];
  while (left > 0) {
    if (left % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
    left = Math.floor(left / 2);
  }
  return result;
}

/** The atoms of a combination in which each is once or not, and of fewer rows than `limit`; null of any other. */
function asSum(combination: Float64Array, sizes: readonly number[], limit: number): number[] | null {
  const atoms: number[] = [];
  let rows = 0;
  for (let a = 0; a < combination.length; a++) {
    if (combination[a] === 0) continue;
    rows += sizes[a];
    if (combination[a] !== 1 || rows >= limit) return null;
    atoms.push(a);
  }
  return atoms.length === 0 ? null : atoms;
}
