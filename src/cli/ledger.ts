import { Command } from "commander";
import { renameFields, snakeCase } from "../casing.js";
import { summarizeLedgers } from "../directory/ledger-summary.js";
import { ledgerReport } from "../report/ledger-report.js";

export function ledgerCommand(): Command {
  return new Command("ledger")
    .description(
      "Sum up what clients recorded of their messages: how many, how much left, and the fewest rows behind a number " +
        "or, where numbers have noise, the epsilon that they spent.",
    )
    .argument("<DIR>", "an experiment directory, or a folder of client_NAME.jsonl files")
    .option("--json", "print one JSON object instead of a table")
    .action((directory: string, { json }: { json?: boolean }) => {
      const messages = summarizeLedgers(directory);
      const text = json
        ? `${JSON.stringify(renameFields({ messages }, snakeCase), null, 2)}\n`
        : ledgerReport(messages);
      process.stdout.write(text);
    });
}
