import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, setUp, setUpPython } from "../scripts/setup.mjs";
import { benchCost } from "./cost.mjs";
import { benchFederations } from "./federations.mjs";
import { benchFirstRounds } from "./first-rounds.mjs";
import { benchFit } from "./fit.mjs";
import { benchFlower } from "./flower.mjs";
import { benchGroupCost } from "./group-cost.mjs";
import { benchGroups } from "./groups.mjs";
import { benchNoise } from "./noise.mjs";
import { benchPrivacy } from "./privacy.mjs";
import { benchRead } from "./read.mjs";
import { KINDS } from "./rows.mjs";
import { benchStart } from "./start.mjs";
import { benchWide } from "./wide.mjs";

/*
 * npm run bench [-- fit first-rounds start federations read wide groups noise privacy group-cost flower cost] [--repeats N] [--write]
 *
 * Prints what docs/speed.md, docs/group-cost.md, docs/privacy.md and docs/flower.md say; with --write, puts it there. `fit` also takes --kind and
 * --shape n,d,k; `privacy` --short, a few runs in seconds; `group-cost`, where they are, the folders PAPER_DATA and WRITERS_DATA.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "3" },
    kind: { type: "string", multiple: true, default: Object.keys(KINDS) },
    shape: { type: "string", multiple: true },
    short: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const repeats = Number(values.repeats);
const shapes = values.shape?.map((text) => text.split(",").map(Number));
const PLOT = join("bench", "cost.png");
const PRIVACY_PLOT = join("docs", "pictures", "privacy.svg");
const SECTIONS = {
  fit: () => benchFit({ repeats, kinds: values.kind, ...(shapes && { shapes }) }),
  "first-rounds": () => benchFirstRounds({ repeats }),
  start: () => benchStart({ repeats }),
  federations: () => benchFederations({ repeats }),
  read: () => benchRead({ repeats }),
  wide: () => benchWide({ repeats }),
  groups: () => benchGroups({ repeats }),
  noise: () => benchNoise({ repeats }),
  privacy: () =>
    benchPrivacy({ repeats, short: values.short, ...(values.write && { plot: join(ROOT, PRIVACY_PLOT) }) }),
  "group-cost": () => benchGroupCost({ paper: process.env.PAPER_DATA, writers: process.env.WRITERS_DATA }),
  flower: () => benchFlower({ repeats }),
  cost: () => benchCost({ repeats, plot: join(ROOT, PLOT) }),
};
/** Pages of sections that are not of docs/speed.md. */
const PAGES = {
  privacy: ["privacy.md", "differential-privacy.md"],
  "group-cost": ["group-cost.md"],
  flower: ["flower.md"],
};
/** Sections whose figures do not depend on the machine. */
const OF_ANY_MACHINE = ["group-cost", "privacy"];

const wanted = positionals.length > 0 ? positionals : Object.keys(SECTIONS);
const unknown = wanted.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined) {
  console.error(`bench: one of ${Object.keys(SECTIONS).join(", ")} expected, found ${unknown}`);
  process.exit(2);
}
setUp();
setUpPython(["python3-numpy", "python3-sklearn", "python3-matplotlib"], "numpy, sklearn, matplotlib");
const times = repeats === 1 ? "One run each" : `Medians of ${repeats}`;
const machine = `${times}; Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0].model.trim()}.`;
for (const name of wanted) {
  const found = await SECTIONS[name]();
  // What it needs is not here, as it has said.
  if (found === undefined) continue;
  const [page] = PAGES[name] ?? ["speed.md"];
  for (const [of, part] of Object.entries(typeof found === "string" ? { [page]: found } : found)) {
    const text = OF_ANY_MACHINE.includes(name) ? part.trim() : `${part.trim()}\n\n${machine}`;
    console.log(`${text}\n`);
    if (values.write) writeSection(name, of, text);
  }
}

/** Puts text between the markers of a section of a page. */
function writeSection(name, of, text) {
  const path = join(ROOT, "docs", of);
  const [begin, end] = [`<!-- bench ${name} -->\n`, `<!-- bench ${name} ends -->`];
  const page = readFileSync(path, "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no section "bench ${name}"`);
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n${text}\n\n${page.slice(to)}`);
  // Aligns the tables, as the check of the format wants them.
  execFileSync(join(ROOT, "node_modules", ".bin", "biome"), ["format", "--write", path], { stdio: "ignore" });
}
