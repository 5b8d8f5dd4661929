import { Command, CommanderError } from "commander";
import { messageOf, UsageError } from "../errors.js";
import { VERSION } from "../files/package-root.js";
import { FAILED, WRONG_USAGE } from "./exit-codes.js";
import { asOptions } from "./settings-options.js";

/** Every command, in the order of `--help`. Loaded one at a time: all of them take longer than a small run does. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run.js")).runCommand(),
  generate: async () => (await import("./generate.js")).generateCommand(),
  resume: async () => (await import("./resume.js")).resumeCommand(),
  verify: async () => (await import("./verify.js")).verifyCommand(),
  report: async () => (await import("./report.js")).reportCommand(),
  rerun: async () => (await import("./rerun.js")).rerunCommand(),
  diff: async () => (await import("./diff.js")).diffCommand(),
  export: async () => (await import("./export.js")).exportCommand(),
  collect: async () => (await import("./collect.js")).collectCommand(),
  ledger: async () => (await import("./ledger.js")).ledgerCommand(),
  preview: async () => (await import("./preview.js")).previewCommand(),
  predict: async () => (await import("./predict.js")).predictCommand(),
  groups: async () => (await import("./groups.js")).groupsCommand(),
  budget: async () => (await import("./budget.js")).budgetCommand(),
  flower: async () => (await import("./flower.js")).flowerCommand(),
  sweep: async () => (await import("./sweep.js")).sweepCommand(),
  "choose-k": async () => (await import("./choose-k.js")).chooseKCommand(),
  reproduce: async () => (await import("./reproduce.js")).reproduceCommand(),
  kernel: async () => (await import("./kernel.js")).kernelCommand(),
  notebook: async () => (await import("./notebook.js")).notebookCommand(),
};

/** Does what the command line says, and returns the exit code. */
export async function main(): Promise<number> {
  const program = new Command("fedkmeans")
    .description(
      "Federated k-means clustering: several parties learn the clusters of all their rows together, and only " +
        "statistics leave each of them.",
    )
    .version(VERSION)
    .configureHelp({ showGlobalOptions: false, minWidthToWrap: 30 })
    .addHelpText("after", "\nExit codes: 0 done, 1 the run failed, 2 wrong usage.");
  const [name] = process.argv.slice(2);
  const isKnown = name !== undefined && Object.hasOwn(COMMANDS, name);
  for (const load of isKnown ? [COMMANDS[name]] : Object.values(COMMANDS)) program.addCommand(await load());
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  try {
    await program.parseAsync();
    // A command that found a difference has said so, and sets it.
    return process.exitCode === FAILED ? FAILED : 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return WRONG_USAGE;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    const text = asOptions(messageOf(error)).replace(/^error: /, "");
    process.stderr.write(`fedkmeans: ${text}${adviceOn(error)}\n`);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}

/** What to do about more arguments than there are: a shell makes many paths of `--data data/*.csv`. */
function adviceOn(error: unknown): string {
  const isTooMany = error instanceof CommanderError && error.code === "commander.excessArguments";
  return isTooMany && process.argv.includes("--data")
    ? " --data takes one path: a folder with one file a client, or one file of all clients."
    : "";
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
