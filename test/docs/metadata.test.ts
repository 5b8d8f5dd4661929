import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { json } from "../support/experiment.js";
import { FLOWER } from "../support/flower/installed.js";
import { ROOT, textOf } from "./pages.js";

test("what is said of the software in several places agrees", () => {
  const packages = [json(ROOT, "package.json"), json(ROOT, "viz/package.json")];
  const citation = textOf("CITATION.cff");
  for (const { version, license, engines } of packages) {
    assert.match(citation, new RegExp(`^version: ${version}$`, "m"));
    assert.match(citation, new RegExp(`^license: ${license}$`, "m"));
    assert.match(textOf("CHANGELOG.md"), new RegExp(`\\b${version}\\b`));
    assert.equal(engines.node, packages[0].engines.node);
  }
  assert.equal(textOf("viz/LICENSE"), textOf("LICENSE"));
  const [, oldest] = /^>=([\d.]+)$/.exec(packages[0].engines.node)!;
  for (const page of ["README.md", "docs/install.md"])
    assert.ok(textOf(page).includes(`Node ${oldest}`), page);
});

test("the Flower app has the version of fedkmeans, and each place names the same version of Flower", () => {
  const { version } = json(ROOT, "package.json");
  assert.match(textOf("flower/pyproject.toml"), new RegExp(`^version = "${version}"$`, "m"));
  const [, current] = /^export const CURRENT = "([\d.]+)";$/m.exec(textOf("scripts/flower.mjs"))!;
  assert.equal(FLOWER.current, current);
  assert.match(textOf("docker/Dockerfile"), new RegExp(`^ARG FLWR=${current}$`, "m"));
  for (const page of ["docs/flower-install.md", "docker/README.md"]) {
    const named = [...textOf(page).matchAll(/(?:flwr==|`FLWR` +\| `|Flower )(\d+\.\d+\.\d+)/g)];
    assert.ok(named.length > 0, page);
    for (const [text, found] of named) assert.equal(found, current, `${page}: ${text}`);
  }
  const wheels = [...textOf("docs/flower-install.md").matchAll(/fedkmeans-([\d.]+)-py3/g)];
  assert.ok(wheels.length > 0);
  for (const [text, found] of wheels) assert.equal(found, version, text);
});

test("the benchmark has a place for each of its sections, in docs/speed.md but for those it names a page of", () => {
  const bench = readFileSync(join(ROOT, "bench", "run.mjs"), "utf8");
  const [, table] = /^const SECTIONS = \{\n([\s\S]*?)^\};/m.exec(bench)!;
  const [, others] = /^const PAGES = \{\n([\s\S]*?)^\};/m.exec(bench)!;
  const pagesOf = new Map(
    [...others.matchAll(/"?([\w-]+)"?: \[(.*)\]/g)].map(([, name, pages]) => [
      name,
      [...pages.matchAll(/"([\w.-]+)"/g)].map(([, page]) => page),
    ]),
  );
  const sections = [...table.matchAll(/^ {2}"?([\w-]+)"?:/gm)].map(([, name]) => name);
  assert.ok(pagesOf.size > 0 && sections.length > pagesOf.size);
  for (const page of new Set(["speed.md", ...[...pagesOf.values()].flat()])) {
    const text = textOf(`docs/${page}`);
    const begins = [...text.matchAll(/^<!-- bench ([\w-]+) -->$/gm)].map(([, name]) => name);
    const ends = [...text.matchAll(/^<!-- bench ([\w-]+) ends -->$/gm)].map(([, name]) => name);
    const expected = sections.filter((name) => (pagesOf.get(name) ?? ["speed.md"]).includes(page));
    assert.deepEqual([...begins].sort(), expected.sort());
    assert.deepEqual(ends, begins);
  }
});
