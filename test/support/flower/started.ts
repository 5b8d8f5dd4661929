import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that a process has to end by itself once it is asked to. */
const PATIENCE = 15_000;

/** Milliseconds in which the last of what a process has printed arrives. */
const LAST_WORDS = 1000;

/** All that are running: none of them may outlive the process that started it. */
const running = new Set<Started>();
process.on("exit", () => {
  for (const one of running) one.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

/** A program that runs beside a test, with all that it prints. */
export class Started {
  /** What was typed. */
  readonly command: string;
  /** What it has printed until now, on both streams. */
  output = "";
  /** Is shown what it prints, as it does. */
  show: ((text: string) => void) | undefined;
  /** Its exit code, null after a signal; undefined while it runs. */
  code: number | null | undefined;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.command = [command, ...args].join(" ");
    // A group of its own, which is ended as a whole.
    this.#child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.show?.(text);
      });
    }
    running.add(this);
    this.#ended = new Promise((resolve) => {
      const end = (code: number | null) => {
        this.code = code;
        running.delete(this);
        resolve();
      };
      this.#child.once("error", (error) => {
        this.output += error.message;
        end(null);
      });
      this.#child.once("close", end);
      // What it has left behind may hold on to its streams.
      this.#child.once("exit", (code) => setTimeout(end, LAST_WORDS, code).unref());
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Sends a signal to it and to what it has started, but for what has left its group. */
  kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It has ended.
    }
  }

  /**
   * Waits until it has ended.
   *
   * @param milliseconds after which it is killed
   * @throws Error with what it printed if it has not ended by then
   */
  async exit(milliseconds: number): Promise<number | null> {
    const timer = new AbortController();
    await Promise.race([
      this.#ended,
      sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    if (this.code === undefined) {
      this.kill("SIGKILL");
      throw new Error(`${this.command}: has not ended after ${milliseconds / 1000} s\n${this.output}`);
    }
    return this.code;
  }

  /**
   * Waits until it has printed something.
   *
   * @throws Error with what it printed if it does not, or ends before it has
   */
  async says(pattern: RegExp, milliseconds: number): Promise<RegExpExecArray> {
    const ends = performance.now() + milliseconds;
    for (;;) {
      const over = this.code !== undefined;
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      if (over || performance.now() > ends) {
        throw new Error(`${this.command}: does not say ${pattern}, ended with ${this.code}\n${this.output}`);
      }
      await sleep(50);
    }
  }

  /** Ends it as a terminal's Ctrl-C or a service manager would, or by force where that takes too long. */
  async end(): Promise<void> {
    if (this.code !== undefined) return;
    this.#child.kill("SIGTERM");
    await this.exit(PATIENCE).catch(() => {});
    this.kill("SIGKILL");
  }
}

/**
 * Processes that run with a value of an environment variable, whoever has started them. Where there is no /proc, none.
 *
 * @returns the id and the command of each
 */
export function processesWith(variable: string, value: string): { pid: number; command: string }[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`${variable}=${value}`))
          return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        // What has ended and has not been waited for has no command line.
        return command === "" ? [] : [{ pid: Number(name), command }];
      } catch {
        return []; // It has ended meanwhile, or is another user's.
      }
    });
}
