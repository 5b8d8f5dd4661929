import { Command } from "commander";
import { findPartitions } from "../data/partitions/partition-list.js";
import { messageOf } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { policyOf } from "../experiment/privacy-settings.js";
import { serveClient } from "../federation/carriers/flower/serve-client.js";
import { openClients } from "../federation/client/client-source.js";
import { standardPipes } from "./standard-pipes.js";

export function clientCommand(): Command {
  return new Command("client")
    .description("The client of a run: a ClientApp on standard input and output hands over its requests.")
    .action(async () => {
      const { input, output } = standardPipes();
      await serveClient(
        input,
        output,
        async ({ request, nodeConfig }) => {
          const configuration = configure({ data: process.env.TEST_DATA_PATH!, labelColumn: "species" });
          const { refs } = await findPartitions(configuration.data, configuration);
          const ref = refs[Number(nodeConfig["partition-id"])];
          const [client] = await openClients([
            { name: ref.client, policy: policyOf(configuration), data: ref },
          ]);
          return client.answer(request);
        },
        messageOf,
      );
      output.end();
    });
}
