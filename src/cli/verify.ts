import { Command } from "commander";
import { verify } from "../directory/verify.js";

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Check an experiment directory: every file against its SHA-256, and the run hash.")
    .argument("<DIR>", "the experiment directory")
    .action((directory: string) => {
      const { status, rounds, runHash, files } = verify(directory);
      const whole = files === null ? "" : `all ${files} files are as written, `;
      process.stdout.write(
        `${directory}: ${status}, ${whole}rounds 0 to ${rounds - 1} are whole, run hash ${runHash}\n`,
      );
    });
}
