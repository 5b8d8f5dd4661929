import { Command } from "commander";
import { clientCommand } from "./flower-client.js";
import { serverCommand } from "./flower-server.js";

export function flowerCommand(): Command {
  return new Command("flower")
    .description("What the Flower app hands its messages to: it starts these commands, nobody else need.")
    .addCommand(serverCommand())
    .addCommand(clientCommand());
}
