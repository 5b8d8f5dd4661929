import { Command } from "commander";

/** What the app starts is loaded alone: a client's program starts anew for each message. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  app: async () => (await import("./flower-app.js")).appCommand(),
  server: async () => (await import("./flower-server.js")).serverCommand(),
  client: async () => (await import("./flower-client.js")).clientCommand(),
};

/** @param asked the command that is meant, if it is one */
export async function flowerCommand(asked: string | undefined = process.argv[3]): Promise<Command> {
  const command = new Command("flower").description(
    "A federation over Flower: its app, and what the app starts.",
  );
  const isKnown = asked !== undefined && Object.hasOwn(COMMANDS, asked);
  for (const load of isKnown ? [COMMANDS[asked]] : Object.values(COMMANDS)) command.addCommand(await load());
  return command;
}
