import { resolve } from "node:path";
import { isatty } from "node:tty";
import { Command } from "commander";
import { kebabCase } from "../casing.js";
import { messageOf, nameSettings, RunError, UsageError } from "../errors.js";
import { type Carrier, deploy } from "../experiment/deployment.js";
import { flowerFederation } from "../federation/carriers/flower/federation.js";
import { FlowerLink } from "../federation/carriers/flower/link.js";
import { withInterrupt } from "../files/interrupt.js";
import { printable, printableLine } from "../printable.js";
import { runReport } from "../report/run-report.js";
import { isSimulated } from "./client-sources.js";
import { tellRun } from "./leftovers.js";
import { lines } from "./progress.js";
import { inRunConfig, readRunConfig } from "./run-config.js";
import { standardPipes } from "./standard-pipes.js";

export function serverCommand(): Command {
  return new Command("server")
    .description("The server of a run: a ServerApp on standard input and output carries its requests.")
    .action(async () => {
      if (isatty(0)) throw new UsageError("the Flower app starts this command: flwr run runs the app");
      const { input, output } = standardPipes();
      const link = new FlowerLink(input, output);
      try {
        await withInterrupt((signal) => serve(link, signal));
      } catch (error) {
        const text = nameSettings(messageOf(error), kebabCase);
        throw error instanceof UsageError ? new UsageError(text) : new RunError(text);
      } finally {
        link.close();
      }
    });
}

async function serve(link: FlowerLink, signal: AbortSignal): Promise<void> {
  const { given, deployment, passedOver } = readRunConfig(await link.runConfig(signal));
  if (passedOver.length > 0)
    tell(printableLine(`note: passed over in run config, as no settings: ${passedOver.join(", ")}`));
  const isSimulation = isSimulated(process.env);
  if (isSimulation && given.privacy === "dp") {
    tell("note: whoever simulates has the rows of all clients: the noise protects nobody");
  }
  const carrier: Carrier = {
    name: "flower",
    connect: (run) => flowerFederation(link, { ...run, isSimulation, tell }),
  };
  const onDirectory = (path: string) => {
    // Flower fills a run config with defaults, so that nobody can tell which of it was asked for.
    if (deployment.resume !== null) tell(`settings are those of ${resolve(path)}`);
    sayWhere(path);
  };
  const result = await deploy(
    { carrier, given, deployment, sourceOf: inRunConfig },
    { signal, onEvent: lines(tell), onDirectory },
  );
  // Where this runs is nothing that whoever has typed `flwr run` need know.
  const report = runReport({ ...result, experimentDir: resolve(result.experimentDir) });
  tell(`${report.trimEnd()}\nrun hash ${result.runHash}`);
}

/** Says at once where a run that does not come to its end can be resumed. */
function sayWhere(path: string): void {
  tellRun(path);
  tell(`writing ${resolve(path)}`);
}

/** Settings have the names of a run config; what clients sent is in it, too. */
function tell(text: string): void {
  process.stderr.write(`${printable(nameSettings(text, kebabCase))}\n`);
}
