import { Command } from "commander";
import { runCommand } from "./notebook-run.js";

export function notebookCommand(): Command {
  return new Command("notebook").description("Jupyter notebooks without a browser.").addCommand(runCommand());
}
