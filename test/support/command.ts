import { spawnSync } from "node:child_process";

export const COMMAND: string = require.resolve("#src/cli/main.js");

/** Milliseconds after which a command has not ended by itself. */
const STUCK = 300_000;

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `fedkmeans` as a shell would.
 *
 * @param args what comes after the command's name
 * @param options environment beside the test's own, and what runs the program instead of Node
 */
export function fedkmeans(
  args: readonly string[],
  options: { env?: Record<string, string>; runtime?: readonly string[]; cwd?: string } = {},
): Outcome {
  const [program, ...before] = options.runtime ?? [process.execPath];
  const { status, stdout, stderr, error } = spawnSync(program, [...before, COMMAND, ...args], {
    encoding: "utf8",
    timeout: STUCK,
    killSignal: "SIGKILL",
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
