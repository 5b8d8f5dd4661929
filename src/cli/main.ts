#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { messageOf, UsageError } from "../errors.js";
import { chooseKCommand } from "./choose-k.js";
import { generateCommand } from "./generate.js";
import { kernelCommand } from "./kernel.js";
import { notebookCommand } from "./notebook.js";
import { reproduceCommand } from "./reproduce.js";
import { resumeCommand } from "./resume.js";
import { runCommand } from "./run.js";
import { asOptions } from "./settings-options.js";
import { mindStandardStreams } from "./standard-streams.js";
import { sweepCommand } from "./sweep.js";
import { verifyCommand } from "./verify.js";

/** Exit codes, as `--help` states them. */
const FAILED = 1;
const WRONG_USAGE = 2;

async function main(): Promise<number> {
  const program = new Command("fedkmeans")
    .description(
      "Federated k-means clustering: several parties learn the clusters of all their rows together, and only " +
        "statistics leave each of them.",
    )
    .version(require("../../../package.json").version)
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", "\nExit codes: 0 done, 1 the run failed, 2 wrong usage.")
    .addCommand(runCommand())
    .addCommand(generateCommand())
    .addCommand(resumeCommand())
    .addCommand(verifyCommand())
    .addCommand(sweepCommand())
    .addCommand(chooseKCommand())
    .addCommand(reproduceCommand())
    .addCommand(kernelCommand())
    .addCommand(notebookCommand());
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return WRONG_USAGE;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    const text = asOptions(messageOf(error)).replace(/^error: /, "");
    process.stderr.write(`fedkmeans: ${text}\n`);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

const codeAfter = mindStandardStreams("fedkmeans", FAILED);
void main().then((code) => {
  process.exitCode = codeAfter(code);
});
