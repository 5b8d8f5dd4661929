import { spawn } from "node:child_process";
import { type CellError, cellError, pointAt } from "./cell-error.js";

/**
 * Says why Deno could not compile a cell, of which its kernel says only that it failed.
 *
 * @param deno its program; it reads the cell as it reads a file to format, and executes nothing
 */
export async function explainSyntax(deno: string, code: string): Promise<CellError> {
  const output = await formatterErrors(deno, code);
  const message = /error(?::|\s)*(?:SyntaxError: )?(.+)/.exec(output)?.[1].trim();
  const place = /:(\d+):(\d+)\s*$/m.exec(output);
  if (message === undefined || place === null) {
    return cellError("SyntaxError", "Deno could not compile this cell", []);
  }
  const [line, column] = [Number(place[1]), Number(place[2])];
  const where = pointAt("cell", code, { line, column });
  return {
    ...cellError("SyntaxError", message, where),
    evalue: `${message} (line ${line}, column ${column})`,
  };
}

function formatterErrors(deno: string, code: string): Promise<string> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(deno, ["fmt", "--no-config", "--ext", "ts", "-"], {
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.on("error", () => resolve(""));
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("close", () => resolve(output));
    // It may end before it has read all.
    child.stdin.on("error", () => {});
    child.stdin.end(code);
  });
}
