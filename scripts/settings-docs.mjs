import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./setup.mjs";

/*
 * Writes what the tables of settings say where people read it: docs/settings.md, and the comment of each entry, which an
 * editor shows of an option. It reads the compiled tables.
 */

const WIDTH = 110;
const PAGE = "docs/settings.md";

const dist = (path) => createRequire(import.meta.url)(join(ROOT, "dist", path));

/** Where tables are: a source and a name in it. */
const TABLES = [
  ["experiment/settings", "SETTINGS"],
  ["experiment/deployment-settings", "DEPLOYMENT_SETTINGS"],
  ["data/generators/generate-blobs", "BLOBS_OPTIONS"],
  ["data/generators/generate-paper", "PAPER_OPTIONS"],
  ["study/reproduce/reproduce", "REPRODUCE_OPTIONS"],
];

/** @returns the up-to-date text of each file that this writes, by its path in the repository */
export function documents() {
  const { SETTINGS } = dist("experiment/settings.js");
  const { RESUMABLE, STUDY_SETTINGS } = dist("experiment/setting-groups.js");
  const page = settingsPage(SETTINGS, RESUMABLE, STUDY_SETTINGS) + deploymentSection();
  const texts = new Map([[PAGE, page]]);
  for (const [module, name] of TABLES) {
    const file = `src/${module}.ts`;
    const source = texts.get(file) ?? readFileSync(join(ROOT, file), "utf8");
    texts.set(file, withComments(source, name, dist(`${module}.js`)[name]));
  }
  return texts;
}

/** The source with a comment before each entry of a table in it, in place of what stands there. */
function withComments(source, name, table) {
  const start = source.indexOf(`export const ${name} = {`);
  const end = source.indexOf("\n} as const;", start);
  let entries = source.slice(start, end).replaceAll(/^ {2}\/\*\*[\s\S]*?\*\/\n/gm, "");
  for (const [key, setting] of Object.entries(table)) {
    entries = entries.replace(
      new RegExp(`^ {2}${key}: `, "m"),
      (entry) => comment(sentence(setting)) + entry,
    );
  }
  return source.slice(0, start) + entries + source.slice(end);
}

function comment(text) {
  const line = `  /** ${text} */\n`;
  if (line.length <= WIDTH + 1) return line;
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length + 6 > WIDTH) lines.push("");
    lines.push(`${lines.pop()} ${word}`);
  }
  return `  /**\n${lines.map((words) => `   *${words}\n`).join("")}   */\n`;
}

/** What a setting does and its default, in the names of a program. */
function sentence(setting) {
  const { help, default: fallback } = setting;
  const { ALGORITHM_NAMES } = dist("workflow/clustering/algorithms.js");
  const [does, otherwise] = inProgram(help).split(/; default: /);
  const [first] = does.split(" ");
  const begins = /^[a-z]+$/.test(first) && !ALGORITHM_NAMES.includes(first);
  const said = begins ? does[0].toUpperCase() + does.slice(1) : does;
  const isUnset = fallback === null || (Array.isArray(fallback) && fallback.length === 0);
  const unless = otherwise ?? (isUnset ? null : JSON.stringify(fallback));
  return unless === null ? `${said}.` : `${said}. Default: ${unless}.`;
}

/** A help text with the names of settings as a program has them. */
function inProgram(help) {
  const { nameSettings } = dist("errors.js");
  const { kebabCase } = dist("casing.js");
  const { SETTINGS } = dist("experiment/settings.js");
  return Object.keys(SETTINGS).reduce(
    (text, name) => (/[A-Z]/.test(name) ? text.replaceAll(kebabCase(name), `\`${name}\``) : text),
    nameSettings(help, (name) => `\`${name}\``),
  );
}

/** What values a setting takes, in words. */
function range(setting) {
  const { type, min, above, max, choices } = setting;
  switch (type) {
    case "integer":
    case "number": {
      const least = above === undefined ? ` from ${min}` : ` above ${above}`;
      return `${type}${least}${max === undefined ? "" : ` to ${max.toLocaleString("en")}`}`;
    }
    case "fraction":
      return "number from 0 to 1";
    case "choice":
      return choices.map((choice) => `\`${choice}\``).join(", ");
    default:
      return { flag: "yes or no", text: "text", names: "list of names" }[type];
  }
}

function settingsPage(settings, resumable, ofStudies) {
  const { kebabCase } = dist("casing.js");
  const all = (names) => names.map((name) => `\`${name}\``).join(", ");
  const others = Object.keys(settings).filter((name) => !ofStudies.includes(name));
  const rows = Object.entries(settings).map(([name, setting]) => {
    const { does, fallback } = described(setting);
    return [`\`--${kebabCase(name)}\``, `\`${name}\``, setting.of, range(setting), fallback, does];
  });
  return `# Settings

The settings of a run: as options, as keys of a [configuration file](configuration.md) (without the dashes), and as a
program and a notebook have them. \`npm run docs:settings\` writes this page from their table,
\`src/experiment/settings.ts\`, whose head says how to add one. A flag is turned off by its \`--no-\` form.

${tableOf(["option", "in a program", "of", "values", "default", "does"], rows)}
Whose a setting is says who decides it. What is of the **server** holds for the whole federation. What is of the **client**
or of the **data** no server may set: each client has its own, and in a simulation all have those of the run. Of the
**execution** is how a run is carried out, which changes nothing of its result and is not recorded in its summary. Of the
**simulation** is what takes the rows of all clients in one place.

When a run is resumed, ${all(resumable)} may differ from what they were.

A study makes many runs in memory, which have no ${all(others)};
there the default of \`maxSilhouetteSamples\` is 0, which computes no exact silhouette.
`;
}

/** What it does and its default, apart. */
function described(setting) {
  const [does, otherwise] = sentence(setting)
    .slice(0, -1)
    .split(/\. Default: /);
  const fallback = setting.type === "flag" ? (setting.default ? "yes" : "no") : (otherwise ?? "");
  return { does, fallback: fallback.replaceAll('"', "") };
}

function deploymentSection() {
  const { kebabCase } = dist("casing.js");
  const { DEPLOYMENT_SETTINGS } = dist("experiment/deployment-settings.js");
  const { DEPLOYED_SETTINGS, SERVER_SETTINGS } = dist("experiment/setting-groups.js");
  const rows = Object.entries(DEPLOYMENT_SETTINGS).map(([name, setting]) => {
    const { does, fallback } = described(setting);
    return [`\`${kebabCase(name)}\``, range(setting), kebabCase(fallback), does];
  });
  const others = DEPLOYED_SETTINGS.filter((name) => !SERVER_SETTINGS.includes(name));
  const named = others.map((name) => `\`${kebabCase(name)}\``).join(", ");
  return `
## Where clients are on other machines

The run config of the Flower app, which is \`[tool.flwr.app.config]\` in \`flower/pyproject.toml\` and what
\`flwr run --run-config\` puts in its place, has the settings of the server, ${named},
and those below. The value \`""\` stands for the default. What it asks of clients' protection is the least: a client may be stricter. What is a client's own in the
table above is refused there, and keys that are no settings are passed over, with a line that names them.

${tableOf(["key", "values", "default", "does"], rows)}`;
}

/** A table of Markdown, each column as wide as its widest cell, which is how Biome has it. */
function tableOf(header, rows) {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll(/[|<]/g, "\\$&")));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |\n`;
  const [first, ...others] = cells;
  return line(first) + line(widths.map((width) => "-".repeat(width))) + others.map(line).join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of documents()) writeFileSync(join(ROOT, file), text);
}
