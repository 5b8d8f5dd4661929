import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { pages, ROOT, textOf } from "./pages.js";

const OPTION = /(?<![\w-])--[a-z][a-z-]*[a-z]/g;

/** Options on the pages that are those of other programs. */
const OTHERS = new Set(
  Object.values({
    "Node, npm and the scripts that package.json names": "--destination --kind --offline --test --write",
    pip: "--dest --find-links --no-index",
    flwr: "--federation-config --run-config --run-id --stream",
    "flower-superlink":
      "--enable-supernode-auth --host --port --simulation --ssl-ca-certfile --ssl-certfile --ssl-keyfile",
    "flower-supernode":
      "--auth-supernode-private-key --clientappio-api-address --root-certificates --superlink",
    "Docker and buildah":
      "--build-arg --entrypoint --init --isolation --network --profile --restart --rm --volumes",
  }).flatMap((options) => options.split(" ")),
);

function optionsIn(text: string): string[] {
  return text.match(OPTION) ?? [];
}

function visualizeHelp(): string {
  const program = join(ROOT, "viz", "bin", "visualize.js");
  return execFileSync(process.execPath, [program, "--help"], { encoding: "utf8" });
}

/** Those of a SuperNode. */
for (const option of ["--insecure", "--node-config", "--superlink", "--trusted-entities"]) OTHERS.add(option);

test("every option that the documentation names is one of a command", () => {
  const commands = [...fedkmeans(["--help"]).stdout.matchAll(/^ {2}([a-z][\w-]*) /gm)].map(
    ([, name]) => name,
  );
  assert.ok(commands.length > 8, commands.join(" "));
  const helps = [
    [],
    ...commands.map((name) => [name]),
    ["kernel", "install"],
    ["flower", "client"],
    ["notebook", "run"],
    ["notebook", "check"],
  ];
  const known = new Set(helps.flatMap((words) => optionsIn(fedkmeans([...words, "--help"]).stdout)));
  for (const option of optionsIn(visualizeHelp())) known.add(option);
  const strangers = pages().flatMap((page) =>
    optionsIn(textOf(page))
      .filter(
        (option) => !known.has(option) && !known.has(option.replace(/^--no-/, "--")) && !OTHERS.has(option),
      )
      .map((option) => `${page}: ${option}`),
  );
  assert.deepEqual([...new Set(strangers)], []);
});

test("the manual of visualize has every option of it", () => {
  const named = new Set(optionsIn(textOf("viz/README.md")));
  const missing = optionsIn(visualizeHelp()).filter((option) => !named.has(option));
  assert.deepEqual([...new Set(missing)].sort(), ["--help", "--version"]);
});

test("the design names every room of the house", () => {
  const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true });
  const design = textOf("docs/design.md");
  const missing = rooms.filter((room) => room.isDirectory() && !design.includes(`\`${room.name}\``));
  assert.deepEqual(missing, []);
});
