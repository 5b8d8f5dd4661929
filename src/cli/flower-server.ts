import { Command } from "commander";
import { camelCase, kebabCase } from "../casing.js";
import { nameSettings } from "../errors.js";
import { deploy } from "../experiment/deployment.js";
import { DEPLOYMENT_SETTINGS } from "../experiment/deployment-settings.js";
import { type Configuration, SETTINGS } from "../experiment/settings.js";
import { flowerFederation } from "../federation/carriers/flower/federation.js";
import { FlowerLink } from "../federation/carriers/flower/link.js";
import { withInterrupt } from "../files/interrupt.js";
import { runReport } from "../report/run-report.js";
import { completeSettings } from "../settings/check.js";
import { tellRun } from "./leftovers.js";
import { showProgress } from "./progress.js";
import { standardPipes } from "./standard-pipes.js";

export function serverCommand(): Command {
  return new Command("server")
    .description("The server of a run: a ServerApp on standard input and output carries its requests.")
    .action(async () => {
      const { input, output } = standardPipes();
      const link = new FlowerLink(input, output);
      const tell = (line: string) => process.stderr.write(`${line}\n`);
      try {
        await withInterrupt(async (signal) => {
          const { config } = (await link.read(signal)).header as { config: Record<string, unknown> };
          const given = pick(config, SETTINGS) as Partial<Configuration>;
          const deployment = completeSettings(
            DEPLOYMENT_SETTINGS,
            pick(config, DEPLOYMENT_SETTINGS),
            kebabCase,
          );
          const carrier = {
            name: "flower",
            connect: (run: Parameters<Parameters<typeof deploy>[0]["carrier"]["connect"]>[0]) =>
              flowerFederation(link, { ...run, tell }),
          };
          const progress = showProgress(false);
          const result = await deploy(
            { carrier, given, deployment, sourceOf: kebabCase },
            { signal, onEvent: progress.onEvent, onDirectory: tellRun },
          );
          tell(nameSettings(runReport(result), kebabCase));
          tell(`run hash ${result.runHash}`);
        });
      } finally {
        link.close();
        output.destroy();
      }
    });
}

/** The values of a table's settings among keys of an app's configuration, where "" stands for the default. */
function pick(config: Readonly<Record<string, unknown>>, table: object): Record<string, unknown> {
  const entries = Object.entries(config).filter(([, value]) => value !== "");
  return Object.fromEntries(
    entries
      .map(([key, value]) => [camelCase(key.replaceAll("-", "_")), value] as const)
      .filter(([name]) => Object.hasOwn(table, name)),
  );
}
