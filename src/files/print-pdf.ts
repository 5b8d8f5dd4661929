import { spawn } from "node:child_process";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../errors.js";
import { writeFileAtomically } from "./atomic-write.js";
import { findChromium } from "./find-chromium.js";
import { inTemporaryFolder } from "./temporary-folder.js";

/** Milliseconds after which Chromium, which takes a second for ten pages, hangs. */
const PATIENCE = 5 * 60_000;

/**
 * Prints a page to PDF by an installed Chromium, Chrome or Edge, in a profile of its own and without a network: what the
 * page does not hold is not on paper. The paper's size and margins are the page's own (`@page`). The same page gives the
 * same bytes with the same browser: the PDF has no date.
 *
 * @param htmlFile an HTML file
 * @param pdfFile where the PDF goes; what was there is replaced
 * @param signal ends it
 * @throws RunError if no browser is found, it prints nothing, or the file cannot be written; the signal's reason if it
 *   is aborted. Nothing half-written is left.
 */
export async function printPdf(htmlFile: string, pdfFile: string, signal: AbortSignal): Promise<void> {
  const program = findChromium();
  await inTemporaryFolder("fedkmeans-print", async (folder) => {
    const profile = join(folder, "profile");
    const printed = join(folder, "page.pdf");
    const said = await run(
      program,
      [
        "--headless",
        `--print-to-pdf=${printed}`,
        "--no-pdf-header-footer",
        `--user-data-dir=${profile}`,
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // A proxy that is not there, for loopback, too: no request gets out.
        "--proxy-server=127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
        // Chromium refuses to start as root with its sandbox.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        pathToFileURL(resolve(htmlFile)).href,
      ],
      signal,
    ).finally(() => removeSocket(profile));
    writeFileAtomically(pdfFile, withoutDates(readPdf(printed, program, said)));
  });
}

/** Runs Chromium until it ends, and returns what it said on standard error. */
function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data.toString();
    });
    const abort = () => child.kill("SIGTERM");
    signal.addEventListener("abort", abort, { once: true });
    child.on("error", (error) => reject(new RunError(`${program} cannot be started: ${error.message}`)));
    child.on("close", (_, killedBy) => {
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else if (killedBy === "SIGKILL") reject(new RunError(`${program} did not print: it was ended`));
      else resolve(said);
    });
  });
}

/** Removes the folder of Chromium's socket, which it leaves among the temporary files if it is ended. */
function removeSocket(profile: string): void {
  try {
    const folder = dirname(readlinkSync(join(profile, "SingletonSocket")));
    if (/^(?:org|com)\.[\w.]+\.\w{6}$/.test(basename(folder)))
      rmSync(folder, { recursive: true, force: true });
  } catch {
    // It has none, or has removed it.
  }
}

function readPdf(file: string, program: string, said: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return bytes;
  } catch {
    // It says why on standard error, if at all.
  }
  const lines = said.trim().split("\n");
  const reason = lines.find((line) => /\bFATAL\b/.test(line)) ?? lines.at(-1)!;
  throw new RunError(`${program} printed nothing${reason === "" ? "" : `: ${reason.trim()}`}`);
}

/** Blanks keep each object of the file where its table says that it is. */
function withoutDates(pdf: Buffer): Buffer {
  const dates = /\/(?:CreationDate|ModDate) \(D:[^)]*\)/g;
  return Buffer.from(
    pdf.toString("latin1").replace(dates, (date) => " ".repeat(date.length)),
    "latin1",
  );
}
