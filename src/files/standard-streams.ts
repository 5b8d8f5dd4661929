/**
 * Minds the standard streams. A reader that has seen enough, as head(1) has, ends the program and is no failure. What
 * cannot be written for another reason is one, told once; the program still finishes what it is at.
 *
 * @param program its name, for the message
 * @param failed exit code of a program that did its work but could not say so
 * @returns the exit code to end with, of the one it would have ended with
 */
export function mindStandardStreams(program: string, failed: number): (code: number) => number {
  let isBroken = false;
  for (const name of ["stdout", "stderr"] as const) {
    process[name].on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      if (!isBroken && name === "stdout") {
        process.stderr.write(`${program}: standard output: ${reasonOf(error)}\n`);
      }
      isBroken = true;
      process.exitCode ||= failed;
    });
  }
  return (code) => (isBroken && code === 0 ? failed : code);
}

/** "ENOSPC: no space left on device, write" without what only a programmer wants to know. */
function reasonOf({ message }: Error): string {
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+$/, "");
}
