import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { test } from "node:test";

const SOURCE = join(process.cwd(), "src");
const VIZ = join(process.cwd(), "viz", "src");

/** The floors of the house, from the top down: a file imports from its own room, or from one that stands below it. */
const FLOORS = [
  ["index"],
  ["cli"],
  ["notebook"],
  ["report", "jupyter"],
  ["study"],
  ["experiment"],
  ["federation"],
  ["workflow"],
  ["data"],
  ["directory"],
  ["threads"],
  ["files", "markup", "numerics"],
  ["settings"],
  ["errors"],
  ["casing", "printable"],
];

/** Rooms that stand on a lower floor, and that no file of the room imports from all the same. */
const FORBIDDEN: readonly (readonly [room: string, target: RegExp])[] = [
  ["cli", /^notebook\//],
  ["workflow", /^numerics\/kernels\/|^(data|directory|files|threads)\//],
  ["federation", /^numerics\/kernels\//],
  ["data", /^numerics\/kernels\//],
];

/** Files that run wherever JavaScript does: they import nothing of a host's. */
const HOSTLESS =
  /^(numerics|workflow)\/|^federation\/([\w-]+|carriers\/inline|client\/(client|local-rows))\.ts$/;

/** The one file that loads the kernels. */
const LOADS_KERNELS = "numerics/kernels/memory/compiled.ts";

/** What the kernels stand on: the files of numerics that kernels may import, none of which imports kernels. */
const BELOW_KERNELS =
  /^numerics\/(assignment|blocks|clustered-rows|distances|elementary|hash128|matrix|random|row-helpers|small-arrays)\.[jt]s$/;

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /\.c?ts$/.test(file) && !file.endsWith(".as.ts"));
}

/** What each file below a folder imports, types too: of the folder as a path from it, of others as written. */
function importsOf(root: string): Import[] {
  return filesOf(root).flatMap((from) => {
    const text = readFileSync(join(root, from), "utf8");
    return [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*"([^"\n]+)"/g)].map(([, target]) => ({
      from,
      to: target.startsWith(".") ? join(dirname(from), target).split(sep).join("/") : target,
    }));
  });
}

function roomOf(path: string): string {
  return path.split("/")[0].replace(/\.[cm]?[jt]s$/, "");
}

function floorOf(path: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));
}

const IMPORTS = importsOf(SOURCE);
const INSIDE = IMPORTS.filter(({ to }) => floorOf(to) >= 0 && /\.c?js$/.test(to));

function lines(imports: readonly Import[]): string[] {
  return imports.map(({ from, to }) => `${from} imports ${to}`);
}

test("every file stands on a floor, and every import is seen", () => {
  assert.deepEqual(
    filesOf(SOURCE).filter((file) => floorOf(file) < 0),
    [],
  );
  assert.ok(INSIDE.length > 500, `${INSIDE.length} imports`);
});

test("imports point down", () => {
  const upward = INSIDE.filter(({ from, to }) => roomOf(from) !== roomOf(to) && floorOf(to) <= floorOf(from));
  assert.deepEqual(lines(upward), []);
});

test("what is behind a wall is not imported through it", () => {
  const through = INSIDE.filter(({ from, to }) =>
    FORBIDDEN.some(([room, target]) => roomOf(from) === room && target.test(to)),
  );
  assert.deepEqual(lines(through), []);
});

test("numerics stand on the kernels, and the kernels on a few files that import none of them", () => {
  const isOfNumerics = ({ to }: Import) => to.startsWith("numerics/");
  const isKernel = (path: string) => path.startsWith("numerics/kernels/");
  const upward = INSIDE.filter(isOfNumerics).filter(({ from, to }) =>
    isKernel(from)
      ? !isKernel(to) && !BELOW_KERNELS.test(to)
      : BELOW_KERNELS.test(from) && !BELOW_KERNELS.test(to),
  );
  assert.deepEqual(lines(upward), []);
});

test("numerics, the workflow and the server know no host", () => {
  const hosts = IMPORTS.filter(
    ({ from, to }) => HOSTLESS.test(from) && from !== LOADS_KERNELS && to.startsWith("node:"),
  );
  assert.deepEqual(lines(hosts), []);
});

test("pictures see the directory's contract, and nothing else of fedkmeans", () => {
  const seen = importsOf(VIZ).filter(({ to }) => to.startsWith("../") || to.startsWith("fedkmeans"));
  assert.deepEqual(
    lines(seen.filter(({ to }) => to !== "fedkmeans/directory" && !to.endsWith("/package.json"))),
    [],
  );
});
