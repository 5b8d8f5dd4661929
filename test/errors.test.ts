import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { BLOBS_DEFAULTS } from "../src/data/generate-blobs.js";
import { PAPER_DEFAULTS } from "../src/data/generate-paper.js";
import { nameSettings, theSetting } from "../src/errors.js";
import { SETTINGS } from "../src/experiment/settings.js";

const SOURCE = join(process.cwd(), "src");

/** Folders whose texts the command line alone shows, or that start other programs. */
const WITH_OPTIONS = ["cli", "jupyter"];

const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.c?ts$/.test(file) && !file.includes(`${sep}assembly${sep}`))
  .map((file) => join(SOURCE, file));

function* nodesOf(path: string): Generator<ts.Node> {
  const stack: ts.Node[] = [ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest)];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    ts.forEachChild(node, (child) => {
      stack.push(child);
    });
  }
}

test("no text below the command line names an option of it", () => {
  const found: string[] = [];
  for (const path of FILES) {
    const file = relative(SOURCE, path);
    if (WITH_OPTIONS.includes(file.split(sep)[0])) continue;
    for (const node of nodesOf(path)) {
      const isText =
        ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
      if (isText && /(?<![\w-])--[a-z]/.test(node.text)) found.push(`${file}: ${node.text}`);
    }
  }
  assert.deepEqual(found, []);
});

test("every setting that an error names is one", () => {
  const known = new Set(Object.keys({ ...SETTINGS, ...BLOBS_DEFAULTS, ...PAPER_DEFAULTS }));
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
