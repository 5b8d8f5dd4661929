import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { pages, ROOT, textOf } from "./pages.js";

/** Lines of the README at most: it is read in five minutes. */
const README_LINES = 150;

/** Text without its code, in which nothing is a link or a heading. */
function prose(page: string): string {
  return textOf(page)
    .replaceAll(/^ *(`{3,})[\s\S]*?^ *\1$/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()#]/g, ""));
}

function linksOf(page: string): string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** Names by which GitHub and npm let a heading be linked to. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("every link of the documentation leads to a file or a heading that is there", () => {
  let followed = 0;
  for (const page of pages()) {
    for (const link of linksOf(page)) {
      if (/^https?:/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      assert.ok(existsSync(join(ROOT, target)), `${page} links to ${link}`);
      if (anchor !== undefined) assert.ok(anchorsOf(target).includes(anchor), `${page} links to ${link}`);
      followed++;
    }
  }
  assert.ok(followed > 20, `${followed} links`);
});

/** Pages that the package leaves out; the README says so. */
const REPOSITORY_ONLY = [
  "docker/README.md",
  "docs/speed.md",
  "docs/design.md",
  "docs/pictures.md",
  "docs/contributing.md",
];

test("every link of a packed page leads to a file that is packed, too", () => {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const [{ files }] = JSON.parse(
    execFileSync("npm", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  ) as [{ files: { path: string }[] }];
  const packed = files.map(({ path }) => path);
  const packedPages = pages().filter((page) => packed.includes(page));
  assert.deepEqual(
    pages().filter((page) => /^(docs|docker)\//.test(page) && !packed.includes(page)),
    [...REPOSITORY_ONLY].sort(),
  );
  for (const page of packedPages) {
    for (const link of linksOf(page)) {
      const path = link.split("#")[0];
      if (/^https?:/.test(link) || path === "") continue;
      const target = normalize(join(dirname(page), path));
      if (page === "README.md" && REPOSITORY_ONLY.includes(target)) continue;
      assert.ok(packed.includes(target), `${page} links to ${link}, which is not packed`);
    }
  }
});

test("the README is short, and leads to every page", () => {
  assert.ok(textOf("README.md").split("\n").length <= README_LINES);
  const targets = linksOf("README.md").map((link) => link.split("#")[0]);
  const missing = pages().filter((page) => /^(docs|docker|viz)\//.test(page) && !targets.includes(page));
  assert.deepEqual(missing, []);
});
