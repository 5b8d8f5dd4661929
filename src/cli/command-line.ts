/** What was typed, an argument each, however the program was started. */
export function commandLine(): string[] {
  return ["fedkmeans", ...process.argv.slice(2)];
}
