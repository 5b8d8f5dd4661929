import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/* Puts the Python programs of src where the compiled sources that run them look for them. */

for (const file of readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })) {
  if (file.endsWith(".py")) cpSync(join(ROOT, "src", file), join(ROOT, "dist", file));
}
