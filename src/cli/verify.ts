import { Command } from "commander";
import { verify } from "../directory/verify.js";
import { verificationLine } from "../report/verification-line.js";

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Check an experiment directory: every file against its SHA-256, and the run hash.")
    .argument("<DIR>", "the experiment directory")
    .action((directory: string) => {
      process.stdout.write(`${directory}: ${verificationLine(verify(directory))}\n`);
    });
}
