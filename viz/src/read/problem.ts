/** Something that cannot be drawn. */
export interface Problem {
  /** One short sentence, for a picture. */
  readonly short: string;
  /** The file, what was expected and what was found; null where there is no more to say. */
  readonly detail: string | null;
}

/** A picture has room for few words: of several problems, how many there are beside the first. */
export function noteOf(problems: readonly Problem[]): string | null {
  if (problems.length === 0) return null;
  const [{ short }, ...others] = problems;
  if (others.length === 0) return short;
  return `${short} ${others.length === 1 ? others[0].short : `${others.length} more things cannot be read.`}`;
}

/** A line each, with everything that is known, for whoever can mend them. */
export function linesOf(problems: readonly Problem[]): string[] {
  return problems.map(({ short, detail }) =>
    detail === null ? short : `${short.replace(/\.$/, "")} (${detail})`,
  );
}
