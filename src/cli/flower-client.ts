import { Command } from "commander";
import { nameSettings, UsageError } from "../errors.js";
import type { Envelope } from "../federation/carriers/flower/envelope.js";
import { type Delivered, serveClient } from "../federation/carriers/flower/serve-client.js";
import { answerDeployed, type DeployedClient, kindOf } from "../federation/client/deployed-client.js";
import { openRefusal, Refusal, refusalOf } from "../federation/client/refusal.js";
import { printableLine } from "../printable.js";
import type { Message } from "../workflow/message.js";
import {
  type ClientOwnSettings,
  clientKey,
  isSimulated,
  parseNodeConfig,
  readClientSettings,
  type SettingsOfSource,
} from "./client-sources.js";
import { openClient } from "./open-client.js";
import { standardPipes } from "./standard-pipes.js";

const EXAMPLES = `
Examples:
  TEST_DATA_PATH=data fedkmeans flower client --check --node-config "num-partitions=3 partition-id=0 state-dir=state"
  FEDKMEANS_CONFIG=client.toml fedkmeans flower client --check

A client's settings are of its node config, else of its environment (FEDKMEANS_STATE_DIR of state-dir), else of the TOML
file that one of these names as config. No server sets any. Each has its line in docs/flower-client.md.`;

export function clientCommand(): Command {
  return new Command("client")
    .description("The client of a run: a ClientApp on standard input and output hands over its requests.")
    .option("--check", "say what the client is and would give, and ask no server: 0 where it would take part")
    .option("--node-config <TEXT>", "what its SuperNode will be started with, for --check")
    .addHelpText("after", EXAMPLES)
    .action(async ({ check = false, nodeConfig }: { check?: boolean; nodeConfig?: string }) => {
      if (check) {
        const { checkClient } = await import("./flower-check.js");
        const sources = { nodeConfig: parseNodeConfig(nodeConfig ?? ""), environment: process.env };
        process.stdout.write(`${(await checkClient(sources)).join("\n")}\n`);
        return;
      }
      if (nodeConfig !== undefined)
        throw new UsageError("--node-config needs --check: a SuperNode gives its own");
      const { input, output } = standardPipes();
      const tell = (line: string) => process.stderr.write(`fedkmeans: ${printableLine(line)}\n`);
      await serveClient(
        input,
        output,
        clientOfEnvironment(process.env, tell),
        (error) => refusalOf(error).message,
      );
      output.end();
    });
}

/**
 * Answers requests as a client of a run whose owner set it up by the environment and what comes with each message of
 * its SuperNode.
 *
 * @param tell tells its owner
 * @returns throws Refusal
 */
export function clientOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  tell: (line: string) => void,
): (delivered: Delivered) => Promise<Message> {
  return async ({ request, envelope, nodeConfig }) => {
    let client: DeployedClient | null = null;
    try {
      const own = readClientSettings({ nodeConfig, environment });
      const { settings, nameOf } = settingsFor(own, envelope);
      const tellNamed = (line: string) => tell(nameSettings(line, clientKey));
      client = await openClient(settings, {
        ...envelope,
        isSimulation: own.isSimulation,
        nameOf,
        tell: tellNamed,
      });
      return await answerDeployed(client, request);
    } catch (error) {
      const refusal = refusalOf(error);
      const who = client === null ? "" : `${client.name} `;
      tell(nameSettings(`${who}refuses ${kindOf(request)}: ${refusal.reason}`, clientKey));
      // Whoever runs a simulation has the rows of all.
      throw isSimulated(environment) ? openRefusal(refusal.reason) : refusal;
    }
  };
}

/** A run's name is a part of a path. */
const RUN = /^[A-Za-z0-9][\w.-]{0,99}$/;

function settingsFor(own: ClientOwnSettings, { run, dataSource }: Envelope): SettingsOfSource {
  if (!RUN.test(run)) throw openRefusal("a run is named by letters, digits, ., _ and -, 100 at most");
  const source = own.of(dataSource);
  if (source !== null) return source;
  const asked = JSON.stringify(dataSource.slice(0, 100));
  const reason = `a server asks for the data source ${asked}: permitted are ${own.permitted.join(", ") || "none"}`;
  throw new Refusal("it does not permit the data source that the run asks for", reason);
}
