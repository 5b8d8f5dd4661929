import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
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

/**
 * Runs a program of ours with Python.
 *
 * @param program its file in this folder, e.g. "execute.py"
 * @param input its standard input
 * @param options `env`: what to add to the environment; `signal`: ends it; `onLine`: told each line of its standard
 *   output as it comes
 * @returns its standard output
 * @throws RunError with the last line of its standard error if it fails; the signal's reason if it is aborted
 */
export function runPython(
  python: string,
  program: string,
  input: string,
  { env, signal, onLine }: { env: NodeJS.ProcessEnv; signal: AbortSignal; onLine?: (line: string) => void },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(__dirname, program)], {
      // Keeps Python's debugger from warning of frozen modules on standard error.
      env: { PYDEVD_DISABLE_FILE_VALIDATION: "1", ...process.env, ...env },
    });
    const output: Buffer[] = [];
    let errors = "";
    const abort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (data: Buffer) => output.push(data));
    if (onLine !== undefined) createInterface(child.stdout).on("line", onLine);
    child.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else if (code === 0) resolve(Buffer.concat(output));
      else reject(new RunError(errors.trim().split("\n").at(-1) || `${python} ended with ${code}`));
    });
    child.stdin.end(input);
  });
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
