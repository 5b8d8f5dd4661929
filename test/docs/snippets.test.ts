import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";
import { type Block, blocksOf, pages, whyNotRun } from "./pages.js";
import { prepareFolder, runBlocks } from "./run-page.js";

/** Blocks that are looked at and not run: what a folder has in it, what a formula says. */
const PICTURES = ["", "text"];

const isCode = ({ language }: Block) => !PICTURES.includes(language);

suite("every command and snippet of the documentation runs", { concurrency: 2 }, () => {
  for (const page of pages()) {
    const blocks = blocksOf(page).filter((block) => isCode(block) && whyNotRun(block) === null);
    if (blocks.length === 0) continue;
    test(page, async (context) => {
      const folder = temporaryFolder(context);
      prepareFolder(folder);
      for (const place of await runBlocks(blocks, folder)) context.diagnostic(`${place} runs`);
    });
  }
});

test("a block that is not run says why, and one without a language has no command", () => {
  for (const block of pages().flatMap(blocksOf)) {
    assert.notEqual(whyNotRun(block), "", `${block.place}: says no reason`);
    if (!isCode(block)) assert.doesNotMatch(block.text, /^(\$|npx|npm|fedkmeans|import) /m, block.place);
  }
});

test("a file that a page shows is used by a command of the page, or named in a configuration there", () => {
  for (const page of pages()) {
    const users = blocksOf(page).filter(({ language }) => ["sh", "console", "toml"].includes(language));
    for (const { place, language, info } of blocksOf(page)) {
      if (language !== "toml" && language !== "csv") continue;
      assert.ok(
        users.some(({ text }) => text.includes(info)),
        `${place}: nothing takes ${info}`,
      );
    }
  }
});

test("a snippet that fails, prints something else or does not compile is found", async (context) => {
  const folder = temporaryFolder(context);
  prepareFolder(folder);
  mkdirSync(join(folder, "logs"));
  writeFileSync(join(folder, "lines.txt"), "one\ntwo 22\nthree\n");
  const block = (language: string, text: string): Block => ({ place: "here", language, info: "", text });
  const fails = (language: string, text: string) =>
    assert.rejects(runBlocks([block(language, text)], folder), { name: "AssertionError" });
  const runs = async (language: string, text: string) =>
    assert.deepEqual(await runBlocks([block(language, text)], folder), ["here"]);

  await runs("console", "$ cat lines.txt\none\ntwo ...\nthree");
  await runs("console", "$ cat lines.txt\n...\nthree");
  await fails("console", "$ cat lines.txt\none\nthree");
  await fails("console", "$ cat lines.txt\none\ntwo ...");
  await runs("sh", "npx fedkmeans --version");
  await fails("sh", "false\ntrue");
  await fails("sh", "npx fedkmeans run --data nowhere");
  await runs("python", "print(1 + 1)  # => 2");
  await fails("python", "print(1 + 1)  # => 3");
  await fails("ts", 'import * as fk from "fedkmeans";\nfk.noSuchName();');
  await fails(
    "ts",
    'import { run } from "fedkmeans";\nconsole.log((await run({ data: "data/penguins" })).metric);',
  );
  await fails("json", "{");
  await fails("toml", "a = 1");
  await fails("perl", "1");
});
