import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { groupsCommand } from "#src/cli/groups.js";
import { previewCommand } from "#src/cli/preview.js";
import { reportCommand } from "#src/cli/report.js";
import { BLOBS_OPTIONS } from "#src/data/generators/generate-blobs.js";
import { PAPER_OPTIONS } from "#src/data/generators/generate-paper.js";
import { nameSettings, theSetting } from "#src/errors.js";
import { CLIENT_SETTINGS } from "#src/experiment/client-settings.js";
import { SETTINGS } from "#src/experiment/settings.js";
import { CHOOSE_K_OPTIONS } from "#src/study/choose-k.js";
import { REPRODUCE_OPTIONS } from "#src/study/reproduce/reproduce.js";
import { SWEEP_OPTIONS } from "#src/study/sweep.js";

const SOURCE = join(process.cwd(), "src");

/** Folders and files whose texts the command line alone shows, that start programs, print commands, or name properties of CSS. */
const WITH_OPTIONS = [
  "cli",
  "jupyter",
  join("files", "print-pdf.ts"),
  join("markup", "page-style.ts"),
  join("report", "page"),
];

const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.c?ts$/.test(file) && !file.endsWith(".as.ts"))
  .map((file) => join(SOURCE, file));

test("no text below the command line names an option of it", () => {
  const found: string[] = [];
  for (const path of FILES) {
    const file = relative(SOURCE, path);
    if (WITH_OPTIONS.some((place) => file === place || file.startsWith(place + sep))) continue;
    // Without its comments, of code as esbuild prints it, an option can only stand in a text.
    const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts" });
    // Those of flwr are not its own.
    found.push(
      ...[...code.matchAll(/.*["'`\s]--(?!(?:run|federation)-config)[a-z]\w+.*/g)].map(
        ([line]) => `${file}: ${line}`,
      ),
    );
  }
  assert.deepEqual(found, []);
});

test("every setting that an error names is one", () => {
  const tables = [
    SETTINGS,
    CLIENT_SETTINGS,
    BLOBS_OPTIONS,
    PAPER_OPTIONS,
    SWEEP_OPTIONS,
    CHOOSE_K_OPTIONS,
    REPRODUCE_OPTIONS,
  ];
  const commands = [groupsCommand(), previewCommand(), reportCommand()];
  const known = new Set([
    ...tables.flatMap((table) => Object.keys(table)),
    ...commands.flatMap(({ options }) => options.map((option) => option.attributeName())),
  ]);
  const named = FILES.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/theSetting\("([^"]*)"\)/g)].map(([, name]) => name),
  );
  assert.ok(named.length >= 10, "some are named");
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

test("the edge's name stands in each place, and text of the same words stays", () => {
  const text = `/home/the setting data/my--folder: ${theSetting("kGlobal")} or ${theSetting("start")}`;
  assert.equal(
    nameSettings(text, (name) => `<${name}>`),
    "/home/the setting data/my--folder: <kGlobal> or <start>",
  );
});
