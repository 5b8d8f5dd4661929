import { appendFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { COMMAND } from "../command.js";
import { programsOf } from "./installed.js";
import { processesWith, Started } from "./started.js";

const ROOT = process.cwd();

/** Milliseconds after which `flwr run` and its like have not ended by themselves. */
const STUCK = 240_000;

/** Homes where something may still run. */
const homes = new Set<FlowerHome>();

/** What became of a run. */
export interface FlowerRun {
  readonly id: string;
  /** As `flwr ls` has it, such as "finished:completed". */
  readonly status: string;
  /** Why, where it failed. */
  readonly details: string;
  /** What `flwr run --stream` printed. */
  readonly output: string;
}

/** Environment, a flag or the like of one command. */
export type Variables = Readonly<Record<string, string>>;

/** Where what Flower's programs print goes, and where they run. */
export interface HomeOptions {
  /** Working folder of each program; the home's own by default. */
  readonly cwd?: string;
  /** The app, as `flwr run` is given it; a copy in the home by default. */
  readonly app?: string;
  /** Is told of each command as a user would type it. */
  readonly tell?: (line: string) => void;
  /** Is shown what programs that are run to their end print, as they do. */
  readonly show?: (text: string) => void;
}

/** Where Flower's programs of one version run, with a home and a configuration of their own. */
export class FlowerHome {
  readonly version: string;
  readonly folder: string;
  /** The app, as `flwr run` is given it. */
  readonly app: string;
  readonly #env: Record<string, string | undefined>;
  readonly #options: HomeOptions;
  readonly #started: Started[] = [];

  /**
   * @param version of Flower, which is installed
   * @param folder an empty one
   */
  constructor(version: string, folder: string, options: HomeOptions = {}) {
    this.version = version;
    this.folder = folder;
    this.#options = options;
    homes.add(this);
    this.#env = {
      ...process.env,
      HOME: folder,
      FLWR_HOME: join(folder, ".flwr"),
      FLWR_TELEMETRY_ENABLED: "0",
      FLWR_DISABLE_UPDATE_CHECK: "1",
      FEDKMEANS_COMMAND: `"${process.execPath}" "${COMMAND}"`,
      PATH: [programsOf(version), process.env.PATH].join(delimiter),
      // Not the SuperLink of somebody else's simulations.
      FLWR_LOCAL_SUPERLINK_HTTP_API_PORT: String(simulationPort()),
      // As wide as lines may be, so that Flower breaks none.
      COLUMNS: "400",
    };
    mkdirSync(join(folder, ".flwr"));
    this.app = options.app ?? join(folder, "app");
  }

  /** Puts a folder before all others in which programs are looked for, but for Flower's. */
  path(folder: string): void {
    this.#env.PATH = [programsOf(this.version), folder, this.#env.PATH].join(delimiter);
  }

  /** Starts a program in the background. */
  start(program: string, args: readonly string[], env: Variables = {}): Started {
    this.#options.tell?.(typed(program, args, env));
    return this.#spawn(program, args, env);
  }

  /** Runs a program to its end. */
  async call(program: string, args: readonly string[], env: Variables = {}): Promise<Started> {
    const started = this.start(program, args, env);
    started.show = this.#options.show;
    await started.exit(STUCK);
    return started;
  }

  #spawn(program: string, args: readonly string[], env: Variables = {}): Started {
    const { cwd = this.folder } = this.#options;
    const started = new Started(program, args, { cwd, env: { ...this.#env, ...env } });
    this.#started.push(started);
    return started;
  }

  /** Adds a connection to Flower's config.toml. */
  connection(name: string, table: Readonly<Record<string, string | boolean>>): void {
    const lines = Object.entries(table).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    appendFileSync(join(this.folder, ".flwr", "config.toml"), `[superlink.${name}]\n${lines.join("\n")}\n\n`);
  }

  /**
   * `flwr run`, streamed to its end.
   *
   * @param connection of config.toml; null for Flower's simulation engine
   * @param args more of what it is given, such as `--run-config`
   * @param app another one than the home's
   */
  async run(
    connection: string | null,
    args: readonly string[] = [],
    env: Variables = {},
    app: string = this.app,
  ): Promise<FlowerRun> {
    const to = connection === null ? [] : [connection];
    // What a reader of the documentation has made is there already.
    if (!existsSync(app)) cpSync(join(ROOT, "flower"), app, { recursive: true });
    const { output } = await this.call("flwr", ["run", app, ...to, ...args, "--stream"], env);
    return this.outcome(connection, output);
  }

  /** What became of the run that `flwr run` said it had started. */
  async outcome(connection: string | null, output: string): Promise<FlowerRun> {
    const [, id] = /Successfully started run (\d+)/.exec(output) ?? [];
    if (id === undefined) throw new Error(`flwr run started no run\n${output}`);
    return { id, ...(await this.status(connection, id)), output };
  }

  /** What `flwr ls` says of a run: what `flwr run --stream` ends with says nothing of it. */
  async status(connection: string | null, id: string): Promise<{ status: string; details: string }> {
    const to = connection === null ? [] : [connection];
    const asked = this.#spawn("flwr", ["ls", ...to, "--run-id", id, "--format", "json"]);
    await asked.exit(STUCK);
    const { output } = asked;
    const { runs } = JSON.parse(output) as { runs?: { status: string; "status-details": string }[] };
    if (runs?.length !== 1) throw new Error(`flwr ls knows no run ${id}\n${output}`);
    return { status: runs[0].status, details: runs[0]["status-details"] };
  }

  /** The last of what each program printed. */
  words(lines = 40): string {
    return this.#started
      .map(
        ({ command, output }) => `--- ${command}\n${output.trimEnd().split("\n").slice(-lines).join("\n")}`,
      )
      .join("\n");
  }

  /** What still runs of all that was started here, and of what that has started. */
  leftOver(): { pid: number; command: string }[] {
    return processesWith("FLWR_HOME", this.#env.FLWR_HOME!);
  }

  /** Ends everything that was started here: the last first, as nodes take leave of their SuperLink. */
  async end(): Promise<void> {
    await Promise.all(this.#started.slice(1).map((one) => one.end()));
    await this.#started[0]?.end();
    this.#endLeftOver();
    homes.delete(this);
  }

  /** What is in groups of its own, such as the SuperLink of a simulation. */
  #endLeftOver(): void {
    for (const { pid } of this.leftOver()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  static {
    process.on("exit", () => {
      for (const home of homes) home.#endLeftOver();
    });
  }
}

/** A port of its own for the SuperLink that `flwr run` starts for a simulation: below those that systems give out. */
function simulationPort(): number {
  return 20_000 + (process.pid % 10_000);
}

/** A command as a shell takes it. */
function typed(program: string, args: readonly string[], env: Variables): string {
  const quoted = (text: string) =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...variables, program, ...args.map(quoted)].join(" ");
}
