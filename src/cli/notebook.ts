import { Command } from "commander";
import { checkCommand } from "./notebook-check.js";
import { runCommand } from "./notebook-run.js";

export function notebookCommand(): Command {
  return new Command("notebook")
    .description("Jupyter notebooks without a browser.")
    .addCommand(runCommand())
    .addCommand(checkCommand());
}
