import { Command } from "commander";
import { appCommand } from "./flower-app.js";
import { clientCommand } from "./flower-client.js";
import { serverCommand } from "./flower-server.js";

export function flowerCommand(): Command {
  return new Command("flower")
    .description("A federation over Flower: its app, and what the app starts.")
    .addCommand(appCommand())
    .addCommand(serverCommand())
    .addCommand(clientCommand());
}
