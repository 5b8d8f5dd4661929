import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/*
 * Where the fields of the kernels' classes lie, so that TypeScript can write them by name. AssemblyScript lays an
 * unmanaged class out as C does a struct.
 */

const KERNELS = join(ROOT, "src/numerics/kernels");
const LAYOUTS = join(KERNELS, "memory/layouts.ts");
const CLASS = /@unmanaged\nexport class (\w+) \{\n(.*?)\n\}/gs;
/** Comments with lines of their own. */
const COMMENT = /^ *(\/\/[^\n]*|\/\*((?!\*\/).)*\*\/)$/gms;
const FIELD = /^ {2}(\w+): (\w+);$/;
const BYTES = { f64: 8, i32: 4, usize: 4 };

/** @returns {string} the text of memory/layouts.ts */
export function kernelLayouts() {
  const files = readdirSync(KERNELS, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".as.ts"),
  );
  const classes = files
    .sort()
    .flatMap((file) => [...readFileSync(join(KERNELS, file), "utf8").matchAll(CLASS)]);
  const layouts = classes.map(([, name, body]) => layoutOf(name, body));
  return `/* Written by \`npm run build\` from the classes of the kernels, which say what each field is: not to be edited. */\n${layouts.join("")}`;
}

/**
 * By type, the place of each field in the class taken as an array of that type.
 *
 * @param {string} name of the class
 * @param {string} body what is between its braces
 * @throws Error if a line is neither a field of a type that is known, nor a comment, nor blank
 */
export function layoutOf(name, body) {
  const places = { f64: [], i32: [], usize: [] };
  let end = 0;
  for (const line of body.replace(COMMENT, "").split("\n")) {
    if (line.trim() === "") continue;
    const [, field, type] = FIELD.exec(line) ?? [];
    if (!Object.hasOwn(BYTES, type ?? "")) {
      throw new Error(
        `the class ${name} of the kernels has the line "${line.trim()}": expected a field alone on its line, ` +
          `"name: type;", of type ${Object.keys(BYTES).join(", ")}, or a comment`,
      );
    }
    const place = Math.ceil(end / BYTES[type]);
    places[type].push(`    ${field}: ${place},\n`);
    end = (place + 1) * BYTES[type];
  }
  const types = Object.entries(places).map(
    ([type, fields]) => `  ${type}: ${fields.length === 0 ? "{}" : `{\n${fields.join("")}  }`},\n`,
  );
  const constant = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return `\nexport const ${constant} = {\n  bytes: ${Math.ceil(end / 8) * 8},\n${types.join("")}} as const;\n`;
}

if (process.argv[1] === import.meta.filename) {
  const text = kernelLayouts();
  if (readFileSync(LAYOUTS, { encoding: "utf8", flag: "a+" }) !== text) writeFileSync(LAYOUTS, text);
}
