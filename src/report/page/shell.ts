/** A command line that a POSIX shell takes as these arguments. */
export function shellCommand(command: readonly string[]): string {
  return command.map(shellWord).join(" ");
}

/** One argument, in quotes where a shell would take it apart. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
