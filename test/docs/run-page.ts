import assert from "node:assert/strict";
import { type ExecFileException, execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Block, ROOT } from "./pages.js";

/*
 * Runs the blocks of a page in their order, in a folder as a reader has it: both packages installed, the penguins in
 * data/. All TypeScript of a page is one program, which is checked and run where its last block is.
 */

const MODULES = join(ROOT, "node_modules");
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";

/** What stands on a page for the directory of the run before. */
const NEWEST_RUN = '"$(ls -dt logs/experiment_* | head -n 1)"';

/** In a block's comments, what the line of code prints: `print(1 + 1)  # => 2`. */
const SHOWN = /(?:#|\/\/) => (.*)$/gm;

/** Types as a reader's editor checks them. */
const TSCONFIG = {
  compilerOptions: {
    module: "nodenext",
    target: "es2022",
    lib: ["es2023"],
    types: ["node"],
    typeRoots: [join(MODULES, "@types")],
    strict: true,
    skipLibCheck: true,
    outDir: "compiled",
  },
  files: ["page.mts"],
};

/** Makes the folder as it is before the first block. */
export function prepareFolder(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  const ours = ["fedkmeans", "fedkmeans-viz", "fedkmeans-docs"];
  for (const name of readdirSync(MODULES)) {
    if (!name.startsWith(".") && !ours.includes(name)) symlinkSync(join(MODULES, name), join(modules, name));
  }
  // npm makes it, and Deno looks for it.
  writeFileSync(join(folder, "package.json"), '{ "private": true, "dependencies": { "fedkmeans": "*" } }');
  install(modules, ROOT, "fedkmeans", "dist/cli/main.js");
  cpSync(join(ROOT, "flower"), join(modules, "fedkmeans", "flower"), { recursive: true });
  install(modules, join(ROOT, "viz"), "visualize", "bin/visualize.js");
  cpSync(join(ROOT, "data", "penguins"), join(folder, "data", "penguins"), { recursive: true });
  cpSync(join(ROOT, "data", "penguins", "Dream.csv"), join(folder, "new.csv"));
}

/** Copies a package to where npm would put it, with its command. (Deno looks through links.) */
function install(modules: string, from: string, command: string, program: string): void {
  const { name } = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as { name: string };
  for (const part of ["package.json", "dist", dirname(program)]) {
    cpSync(join(from, part), join(modules, name, part), { recursive: true });
  }
  const file = join(modules, ".bin", command);
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${join(modules, name, program)}' "$@"\n`);
  chmodSync(file, 0o755);
}

/**
 * Runs blocks of one page.
 *
 * @returns the places of the blocks that were run
 * @throws AssertionError naming the block that fails, or that shows what does not come out
 */
export async function runBlocks(blocks: readonly Block[], folder: string): Promise<string[]> {
  const programs = blocks.filter(({ language }) => language === "ts");
  const run: string[] = [];
  for (const block of blocks) {
    if (block.language === "ts") {
      if (block === programs.at(-1)) await runTypeScript(programs, folder);
    } else {
      const runner = RUNNERS[block.language];
      assert.ok(runner, `${block.place}: no runner for a block of ${JSON.stringify(block.language)}`);
      if (!(await runner(block, folder))) continue;
    }
    run.push(block.place);
  }
  return run;
}

/** Each says whether it could run the block here. */
const RUNNERS: Record<string, (block: Block, folder: string) => Promise<boolean>> = {
  sh: async (block, folder) => {
    await runShell(block, block.text, folder);
    return true;
  },
  console: async (block, folder) => {
    const [, command, shown] = /^\$ ([^\n]*)\n([\s\S]*)$/.exec(block.text) ?? [];
    assert.ok(command, `${block.place}: begins with "$ " and one command`);
    assertShown(block, await runShell(block, command, folder), shown);
    return true;
  },
  python: async (block, folder) => {
    const { failure, output } = await execute(PYTHON, ["-c", block.text], folder);
    if (failure !== null && output.includes("No module named")) return false;
    assert.equal(failure, null, `${block.place}: ${output}`);
    assertPrinted([block], output);
    return true;
  },
  toml: writeFile,
  csv: writeFile,
  json: async (block) => {
    assert.doesNotThrow(() => JSON.parse(block.text), `${block.place}: is JSON`);
    return true;
  },
};

/** The file that a page shows, for its commands. */
async function writeFile({ place, language, info, text }: Block, folder: string): Promise<boolean> {
  assert.match(info, new RegExp(`^[\\w.-]+\\.${language}$`), `${place}: names its file after the language`);
  writeFileSync(join(folder, info), `${text}\n`);
  return true;
}

async function runTypeScript(blocks: readonly Block[], folder: string): Promise<void> {
  const place = blocks.map((block) => block.place).join(", ");
  const lines = blocks.flatMap(({ text }) => text.split("\n"));
  // Each block that stands for itself imports what it needs.
  const program = lines.filter((line, i) => !line.startsWith("import ") || lines.indexOf(line) === i);
  writeFileSync(join(folder, "page.mts"), program.join("\n"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const compiled = await execute(join(MODULES, ".bin", "tsc"), ["-p", folder], folder);
  assert.equal(compiled.output, "", place);
  const { failure, output } = await execute(process.execPath, [join("compiled", "page.mjs")], folder);
  assert.equal(failure, null, `${place}: ${output}`);
  assertPrinted(blocks, output);
}

async function runShell(block: Block, text: string, folder: string): Promise<string> {
  const script = text.replaceAll("logs/experiment_...", NEWEST_RUN);
  const { failure, output } = await execute("bash", ["--norc", "-euo", "pipefail", "-c", script], folder);
  assert.equal(failure, null, `${block.place}: ${output}`);
  return output;
}

/** What a program prints on both streams, as they come; and how it failed, null where it ended well. */
function execute(
  command: string,
  args: readonly string[],
  folder: string,
): Promise<{ failure: string | null; output: string }> {
  const path = [join(folder, "node_modules", ".bin"), process.env.PATH, join(MODULES, ".bin")].join(
    delimiter,
  );
  const env = { ...process.env, PATH: path, npm_config_offline: "true", npm_config_update_notifier: "false" };
  // One stream, so that the order is that of a terminal.
  const inOne = ["-c", 'exec "$@" 2>&1', "sh", command, ...args];
  return new Promise((resolve) => {
    execFile(
      "sh",
      inOne,
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error: ExecFileException | null, printed) => {
        // An npm newer than the Node it runs on says so before anything else.
        const output = printed.replace(/^npm warn cli .*\n/gm, "");
        resolve({ failure: error === null ? null : `exit code ${error.code ?? error.signal}`, output });
      },
    );
  });
}

/** Compares an output with what a page shows: `...` in a line is anything in it, as a line any number of lines. */
function assertShown({ place }: Block, output: string, shown: string): void {
  const pattern = shown
    .split("\n")
    .map((line) => (line === "..." ? "(?:.*\\n)*" : `${line.split("...").map(escaped).join(".*")}\\n`))
    .join("");
  if (!new RegExp(`^${pattern}$`).test(output)) assert.equal(output, shown, place);
}

/** Compares with the lines that comments in the code announce. */
function assertPrinted(blocks: readonly Block[], output: string): void {
  const printed = output.split("\n");
  let from = 0;
  for (const { place, text } of blocks) {
    for (const [, line] of text.matchAll(SHOWN)) {
      const at = printed.indexOf(line, from);
      assert.ok(at >= 0, `${place}: shows ${JSON.stringify(line)}, printed\n${output}`);
      from = at + 1;
    }
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
