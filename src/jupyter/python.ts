import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { RunError } from "../errors.js";

/** By what was looked for, and where: importing takes a second. */
const found = new Map<string, string>();

/**
 * Finds a Python that has what it takes to execute notebooks.
 *
 * @param modules what it must be able to import
 * @returns its command
 * @throws RunError naming the packages to install
 */
export function findPython(modules: readonly string[]): string {
  const key = [process.env.PYTHON, process.env.PATH, ...modules].join("\n");
  const known = found.get(key);
  if (known !== undefined) return known;
  for (const python of candidates()) {
    const { status } = spawnSync(python, ["-c", `import ${modules.join(", ")}`], { stdio: "ignore" });
    if (status !== 0) continue;
    found.set(key, python);
    return python;
  }
  throw new RunError(
    "Jupyter is missing: no Python here can import " +
      `${modules.join(", ")}; install it with apt-get install jupyter-nbconvert (Debian, Ubuntu) or ` +
      "pip install nbconvert nbclient",
  );
}

/** A program of ours that failed. */
export class ProgramError extends RunError {
  /**
   * @param facts what the program told with its failure
   * @param noted what its standard error, which is also that of what it starts, says of an error; null if nothing
   */
  constructor(
    message: string,
    readonly facts: Readonly<Record<string, unknown>>,
    readonly noted: string | null,
  ) {
    super(message);
  }
}

/** A line that a program of ours tells (told.py). */
export interface Told {
  type: string;
}

/** How much of the end of a standard error is kept. */
const KEPT = 2 ** 16;

/**
 * Runs a program of ours with Python.
 *
 * @param program its file in this folder, e.g. "execute.py"
 * @param input its standard input, as JSON
 * @param options `env`: what to add to the environment; `signal`: ends it; `onTold`: told what it tells before its end
 * @returns what it tells with "done"
 * @throws ProgramError if it fails; the signal's reason if it is aborted
 */
export function runPython<Done>(
  python: string,
  program: string,
  input: unknown,
  { env, signal, onTold }: { env: NodeJS.ProcessEnv; signal: AbortSignal; onTold?: (told: Told) => void },
): Promise<Done> {
  return new Promise((resolve, reject) => {
    // Without -B, told.py would be kept compiled beside itself.
    const child = spawn(python, ["-B", join(__dirname, program)], {
      // Keeps Python's debugger from warning of frozen modules on standard error.
      env: { PYDEVD_DISABLE_FILE_VALIDATION: "1", ...process.env, ...env },
    });
    let end: (Told & { message?: string }) | null = null;
    let errors = "";
    const abort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", abort, { once: true });
    createInterface(child.stdout).on("line", (line) => {
      const told = JSON.parse(line) as Told;
      if (told.type === "done" || told.type === "failed") end = told;
      else onTold?.(told);
    });
    child.stderr.setEncoding("utf8").on("data", (data: string) => {
      errors = (errors + data).slice(-KEPT);
    });
    child.on("error", reject);
    child.on("close", (code, killed) => {
      signal.removeEventListener("abort", abort);
      if (signal.aborted) return reject(signal.reason);
      if (end?.type === "done") return resolve(end as Done);
      const noted = tellingLine(errors);
      const { message = noted ?? `${python} ended with ${code ?? killed}`, ...facts } = end ?? {};
      reject(new ProgramError(message, facts, noted));
    });
    // A program that ended early is told of by how it ended.
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(input));
  });
}

/** What Python says of an error that nothing came of, mostly one while it shuts down. */
const IGNORED = /^Exception ignored .*\n(?:Traceback .*\n(?:[ \t].*\n)*.*\n?)?/gm;
/** The name of an error, or another word for one, and what it says. */
const ERROR = /^(?:[\w.]*(?:error|exception)\b|fatal\b|panic\b|cannot\b).*?\S[: ] *\S/i;
/** Where an error is, what else a traceback has, and lines that say nothing without those before them. */
const NOISE = /^(?:\s|Traceback |Node\.js v|[\w.]*(?:error|exception)\W*$|\W*$)/i;

/**
 * Finds the line that best says why a program failed: the last that names an error, else the last that says anything.
 *
 * @param errors its standard error
 * @returns the line, without colours; null if none says anything
 */
export function tellingLine(errors: string): string | null {
  const lines = stripVTControlCharacters(errors)
    .replaceAll("\r\n", "\n")
    .replaceAll(IGNORED, "")
    .split("\n")
    .filter((line) => !NOISE.test(line))
    .map((line) => line.trim());
  return lines.findLast((line) => ERROR.test(line)) ?? lines.at(-1) ?? null;
}

/** Commands to try in turn: the user's own choice, the Python behind the command jupyter, the usual names. */
function candidates(): string[] {
  const { PYTHON, PATH = "" } = process.env;
  const jupyter = PATH.split(delimiter)
    .map((folder) => join(folder, "jupyter"))
    .find((path) => existsSync(path));
  const shebang = jupyter === undefined ? null : /^#!\s*(\S*python\S*)/.exec(readFileSync(jupyter, "utf8"));
  return [PYTHON, shebang?.[1], "python3", "python", "/usr/bin/python3"].filter(
    (command) => command !== undefined,
  );
}
