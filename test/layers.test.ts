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
  ["threads", "privacy"],
  ["files", "markup", "numerics"],
  ["settings"],
  ["errors"],
  ["casing", "printable"],
];

/** Likewise of the pictures. */
const VIZ_FLOORS = [
  ["index", "cli"],
  ["visualize"],
  ["page"],
  ["options"],
  ["encode"],
  ["render"],
  ["draw"],
  ["scene"],
  ["read"],
];

/** Rooms that stand on a lower floor, and that no file of the room imports from all the same. */
const FORBIDDEN: readonly (readonly [room: string, target: RegExp])[] = [
  ["cli", /^notebook\//],
  ["workflow", /^numerics\/kernels\/|^(data|directory|files|threads|privacy)\//],
  ["federation", /^numerics\/kernels\//],
  ["data", /^numerics\/kernels\//],
];

/** Files that run wherever JavaScript does: they import nothing of a host's. */
const HOSTLESS =
  /^(numerics|privacy|workflow)\/|^federation\/([\w-]+|carriers\/inline|client\/(client|points|local-points))\.ts$/;

/** Those of the pictures, which a page draws in a browser, and nothing else of `page`. */
const VIZ_HOSTLESS =
  /^scene\/(?!diagnostics\/|poster\/)|^read\/(experiment|assignment|labels|groups|noise)\.ts$|^draw\/(density|host|marks|pixels|points|scene-drawer|shapes|symbols|text)\.ts$|^page\/(browser\/[\w-]+|address|bytes|facts|label-changes|packed-run|player|timeline)\.ts$/;

/** What of other packages these import: each runs anywhere, too. */
const HOSTLESS_PACKAGES = /^(simple-statistics|ml-pca|pure-rand)(\/|$)/;

/** What only some hosts have. */
const OF_A_HOST = /\b(process|Buffer|__dirname|__filename)\b|\brequire\s*\(/;

/** The one file that loads the kernels. */
const LOADS_KERNELS = "numerics/kernels/memory/compiled.ts";

/** What the kernels stand on: the files of numerics that kernels may import, none of which imports kernels. */
const BELOW_KERNELS =
  /^numerics\/(assignment|blocks|clustered-rows|distances|elementary|hash128|matrix|random|row-helpers|small-arrays)\.[jt]s$/;

interface Import {
  readonly from: string;
  readonly to: string;
}

/** A statement, or an expression; not what a comment or a text says of importing. */
const IMPORT =
  /(?:^(?:import|export|\})[^"\n]*\bfrom\s+|^import\s+|\b(?:import|require)\s*\(\s*)"([^"\n]+)"/gm;

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /\.c?ts$/.test(file));
}

/** What each file below a folder imports, types too: of the folder as a path from it, of others as written. */
function importsOf(root: string): Import[] {
  return filesOf(root).flatMap((from) => {
    const text = readFileSync(join(root, from), "utf8");
    return [...text.matchAll(IMPORT)].map(([, target]) => ({
      from,
      to: target.startsWith(".") ? fileAt(join(dirname(from), target)) : target,
    }));
  });
}

/** AssemblyScript imports files without their ending. */
function fileAt(path: string): string {
  const ending = /\.[cm]?[jt]s$|\.json$/.test(path) ? "" : path.endsWith(".as") ? ".ts" : ".js";
  return path.split(sep).join("/") + ending;
}

function roomOf(path: string): string {
  return path.split("/")[0].replace(/\.[cm]?[jt]s$/, "");
}

function floorOf(path: string, floors: readonly (readonly string[])[] = FLOORS): number {
  return floors.findIndex((rooms) => rooms.includes(roomOf(path)));
}

/** A file's text without comments and quoted texts. */
function codeOf(file: string): string {
  const text = readFileSync(file, "utf8");
  return text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|\/\/.*/g, "");
}

const IMPORTS = importsOf(SOURCE);
const INSIDE = IMPORTS.filter(({ to }) => floorOf(to) >= 0 && /\.(c?js|as\.ts)$/.test(to));

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

test("files import each other by relative paths, not by the name of their package", () => {
  const named = [
    ...IMPORTS.filter(({ to }) => /^#|^fedkmeans(\/|$)/.test(to)),
    ...importsOf(VIZ).filter(({ to }) => /^#|^fedkmeans-viz(\/|$)/.test(to)),
  ];
  assert.deepEqual(lines(named), []);
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
  const isHostless = (file: string) => HOSTLESS.test(file) && file !== LOADS_KERNELS;
  const hosts = IMPORTS.filter(
    ({ from, to }) => isHostless(from) && floorOf(to) < 0 && !HOSTLESS_PACKAGES.test(to),
  );
  assert.deepEqual(lines(hosts), []);
  const files = filesOf(SOURCE).filter(isHostless);
  assert.ok(files.length > 100, `${files.length} files`);
  assert.deepEqual(
    files.filter((file) => OF_A_HOST.test(codeOf(join(SOURCE, file)))),
    [],
  );
});

test("pictures see the directory's contract, and nothing else of fedkmeans", () => {
  const seen = importsOf(VIZ).filter(({ to }) => to.startsWith("../") || to.startsWith("fedkmeans"));
  assert.deepEqual(
    lines(seen.filter(({ to }) => to !== "fedkmeans/directory" && !to.endsWith("/package.json"))),
    [],
  );
});

test("imports of pictures point down, from what is asked for to what is read", () => {
  assert.deepEqual(
    filesOf(VIZ).filter((file) => floorOf(file, VIZ_FLOORS) < 0),
    [],
  );
  const inside = importsOf(VIZ).filter(({ to }) => floorOf(to, VIZ_FLOORS) >= 0 && to.endsWith(".js"));
  assert.ok(inside.length > 80, `${inside.length} imports`);
  const upward = inside.filter(
    ({ from, to }) => roomOf(from) !== roomOf(to) && floorOf(to, VIZ_FLOORS) <= floorOf(from, VIZ_FLOORS),
  );
  assert.deepEqual(lines(upward), []);
});

test("scenes, their drawing and a page's program know no host but a browser", () => {
  const isHostless = (file: string) => VIZ_HOSTLESS.test(file);
  const imports = importsOf(VIZ).filter(({ from }) => isHostless(from));
  const hosts = imports.filter(
    ({ to }) => !isHostless(to.replace(/\.js$/, ".ts")) && to !== "fedkmeans/directory",
  );
  assert.deepEqual(lines(hosts), []);
  const files = filesOf(VIZ).filter(isHostless);
  assert.ok(files.length > 50, `${files.length} files`);
  const text = (file: string) => readFileSync(join(VIZ, file), "utf8");
  assert.deepEqual(
    files.filter((file) => OF_A_HOST.test(codeOf(join(VIZ, file)))),
    [],
  );
  assert.deepEqual(
    files.filter((file) => /^import (?!type )[^;]*"fedkmeans\/directory"/m.test(text(file))),
    [],
  );
});
