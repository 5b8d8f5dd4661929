import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT, setUp } from "./setup.mjs";

/* The API reference of both packages, docs/api/, from the doc comments of what they export. A warning is an error. */

setUp();
const docs = join(ROOT, "docs");
const typedoc = join(docs, "node_modules", "typedoc", "bin", "typedoc");
try {
  execFileSync(process.execPath, [typedoc, ...process.argv.slice(2)], { cwd: docs, stdio: "inherit" });
} catch {
  process.exit(1);
}
