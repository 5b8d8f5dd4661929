import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../errors.js";
import { PACKAGE_MAIN } from "../files/package-root.js";
import { waitForLarge } from "./deno-large-outputs.js";
import { repairMessages } from "./deno-messages.js";
import { type Connection, executeSilently } from "./execute-silently.js";
import { FORMS_OF_VALUE } from "./last-expression.js";
import { listenForLarge } from "./passed.js";
import { type Change, freePorts, relay } from "./relay.js";

/*
 * The program of a Deno kernel: node deno-launcher.js DENO CONNECTION_FILE. `deno jupyter` takes an import map only
 * from a deno.json in the notebook's folder. So that no such file has to be written, this program starts Deno and at
 * once executes a silent cell in it. The cell makes `import "fedkmeans"` work, and has each later cell last a little
 * longer. Clients reach Deno through this program, which repairs what it says of cells that fail.
 */

const [deno, connectionFile] = process.argv.slice(2);

main().catch((error) => {
  process.stderr.write(`cannot start the kernel: ${messageOf(error)}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const outside = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;
  const [shellPort, iopubPort] = await freePorts(outside.ip, 2);
  const inside = { ...outside, shell_port: shellPort, iopub_port: iopubPort };
  const passed = await listenForLarge(outside.ip);
  startDeno(inside);
  try {
    await executeSilently(
      inside,
      prepareKernel({ fedkmeans: addressOf(PACKAGE_MAIN) }, waitForLarge(outside.ip, passed.port)),
      60_000,
    );
  } catch (error) {
    process.stderr.write(`import "fedkmeans" will not work: ${messageOf(error)}\n`);
  }
  const { shell, iopub } = repairMessages(deno, outside.key);
  const noted: Change = (frames) => {
    passed.note(Math.max(...frames.map(({ length }) => length)));
    return iopub(frames);
  };
  // Only now do clients reach the kernel: the first cell finds it prepared.
  const clients = await relay(outside.ip, outside.iopub_port, iopubPort, noted);
  clients.on("connection", (client) => {
    passed.count(1);
    client.on("close", () => passed.count(-1));
  });
  await relay(outside.ip, outside.shell_port, shellPort, shell);
}

function startDeno(connection: Connection): void {
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-deno-"));
  const file = join(folder, "connection.json");
  // It has the key that signs messages.
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const kernel = spawn(deno, ["jupyter", "--kernel", "--conn", file], { stdio: "inherit" });
  // Nobody would reach it any more.
  process.on("exit", () => kernel.kill("SIGKILL"));
  kernel.on("error", (error) => {
    process.stderr.write(`cannot start ${deno}: ${messageOf(error)}\n`);
    process.exitCode = 1;
  });
  kernel.on("exit", (code) => process.exit(code ?? 1));
  // The kernel is in the same process group and gets each interrupt too; only the kernel has to react to it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => kernel.kill("SIGTERM"));
}

/**
 * Milliseconds by which a cell lasts longer than its code. Deno's kernel says that a cell is done without waiting until
 * all the cell printed is published, which takes about a millisecond a line; Jupyter does not show what comes later.
 */
const PUBLISHED_AFTER = 20;
/** Characters of a result that are published in another of them, with much to spare. */
const PUBLISHED_A_MILLISECOND = 4000;

/**
 * The address of a module that requires a CommonJS file and exports what the file exports. The file's own address would
 * not do: where the notebook's folder has no package.json, Deno takes every .js file for an ES module.
 */
function addressOf(path: string): string {
  const names = Object.keys(require(path)).join(", ");
  const code =
    'import { createRequire } from "node:module";\n' +
    `const all = createRequire(${JSON.stringify(pathToFileURL(path).href)})(${JSON.stringify(path)});\n` +
    `export const { ${names} } = all;\nexport default all;\n`;
  return `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
}

function prepareKernel(modules: Record<string, string>, large: string): string {
  return `{
    // Without a listener an interrupt between two runs ends Deno, and every variable is lost.
    Deno.addSignalListener("SIGINT", () => {});
    // What nobody awaits fails the cell that runs.
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      const { reason } = event;
      const isError = reason instanceof Error;
      const ename = isError ? reason.name : "Thrown";
      const evalue = isError ? reason.message : Deno.inspect(reason);
      void Deno.jupyter.broadcast("error", { ename, evalue, traceback: [ename + ": " + evalue] });
    });
    const own = ${JSON.stringify(modules)};
    const { registerHooks } = await import("node:module");
    registerHooks({
      resolve: (specifier, context, next) =>
        Object.hasOwn(own, specifier)
          ? { url: own[specifier], shortCircuit: true }
          : next(specifier, context),
    });
    const { createRequire } = await import("node:module");
    const require = createRequire(${JSON.stringify(pathToFileURL(PACKAGE_MAIN).href)});
    const display = Symbol.for("Jupyter.display");
    const formsOf = async (value) => {
      if (typeof value !== "object" || value === null) return null;
      return await require(${JSON.stringify(FORMS_OF_VALUE)}).formsOfValue(value);
    };
    const sizeOf = (forms) => Object.values(forms).reduce((sum, form) => sum + String(form).length, 0);
    const { jupyter } = Deno[Deno.internal] ?? {};
    ${large}
    const { broadcastResult } = jupyter ?? {};
    if (broadcastResult !== undefined) {
      jupyter.broadcastResult = async (count, value) => {
        let shown = value;
        let pause = ${PUBLISHED_AFTER};
        try {
          const forms = await formsOf(value);
          if (forms !== null) {
            shown = Object.keys(forms).length === 0 ? undefined : { [display]: () => forms };
            pause += sizeOf(forms) / ${PUBLISHED_A_MILLISECOND};
          }
        } catch (error) {
          // Deno reports what is thrown where it asks for the forms.
          shown = { [display]: () => { throw error; } };
        }
        await broadcastResult(count, shown);
        await new Promise((resolve) => setTimeout(resolve, pause));
      };
    }
  }
  undefined`;
}
