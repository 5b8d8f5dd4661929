import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fedkmeans } from "../command.js";
import type { FlowerHome, Variables } from "./home.js";
import { freePort, listens } from "./ports.js";
import type { Started } from "./started.js";

export const PENGUINS: string = join(process.cwd(), "data", "penguins");

/** One client's machine. */
export interface NodeOptions {
  /** What stands in `--node-config`. */
  readonly config: Readonly<Record<string, string | number>>;
  readonly env: Variables;
  /** More options of flower-supernode. */
  readonly args?: readonly string[];
}

/** A SuperLink and its SuperNodes. */
export interface Deployment {
  readonly superlink: Started;
  readonly nodes: readonly Started[];
}

/** Milliseconds that a SuperLink has to begin to listen. */
const PATIENCE = 120_000;

/**
 * The nodes of the three islands of penguins, each with its own state folder, made as its owner would.
 */
export function penguinNodes(home: FlowerHome): NodeOptions[] {
  const islands = readdirSync(PENGUINS)
    .filter((file) => file.endsWith(".csv"))
    .sort();
  return islands.map((file, partition) => {
    const own = join(home.folder, file.replace(".csv", ""));
    const state = ["--state-dir", join(own, "state"), "--label-column", "species"];
    const { status, stderr } = fedkmeans(["groups", join(PENGUINS, file), ...state]);
    if (status !== 0) throw new Error(stderr);
    return {
      config: { "num-partitions": islands.length, "partition-id": partition },
      env: {
        TEST_DATA_PATH: PENGUINS,
        FEDKMEANS_STATE_DIR: join(own, "state"),
        FEDKMEANS_LOG_DIR: join(own, "logs"),
        FEDKMEANS_LABEL_COLUMN: "species",
        FEDKMEANS_SHARE_LABELS: "true",
      },
    };
  });
}

/** What a SuperLink, its SuperNodes and `flwr` are given to trust each other, instead of `--insecure`. */
export interface Security {
  readonly superlink: readonly string[];
  readonly supernode: readonly string[];
  readonly connection: Readonly<Record<string, string | boolean>>;
}

const INSECURE: Security = {
  superlink: ["--insecure"],
  supernode: ["--insecure"],
  connection: { insecure: true },
};

/** A SuperLink that listens. */
export interface SuperLink {
  readonly started: Started;
  readonly address: string;
  readonly security: Security;
}

/** Starts a SuperLink as from Flower 1.40 on, at a free port, with the connection "local" to it. */
export async function startSuperLink(home: FlowerHome, security: Security = INSECURE): Promise<SuperLink> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  home.connection("local", { address, ...security.connection });
  const own = ["--host", "0.0.0.0", "--port", String(port)];
  const started = home.start("flower-superlink", [...security.superlink, ...own]);
  await listens(port, PATIENCE);
  return { started, address, security };
}

/** Starts a SuperNode as from Flower 1.40 on. */
export async function startSuperNode(
  home: FlowerHome,
  { address, security }: Pick<SuperLink, "address" | "security">,
  node: NodeOptions,
): Promise<Started> {
  const own = ["--superlink", address, "--port", String(await freePort()), "--node-config", nodeConfig(node)];
  return home.start("flower-supernode", [...security.supernode, ...own, ...(node.args ?? [])], node.env);
}

/** Starts a SuperLink, with the connection "local" to it, and SuperNodes, as from Flower 1.40 on. */
export async function deployCurrent(home: FlowerHome, nodes: readonly NodeOptions[]): Promise<Deployment> {
  const superlink = await startSuperLink(home);
  const started = await Promise.all(nodes.map((node) => startSuperNode(home, superlink, node)));
  return { superlink: superlink.started, nodes: started };
}

function nodeConfig({ config }: NodeOptions): string {
  return Object.entries(config)
    .map(([key, value]) => `${key}=${typeof value === "number" ? value : JSON.stringify(value)}`)
    .join(" ");
}
