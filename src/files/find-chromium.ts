import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { RunError } from "../errors.js";

/** Variables that name the program, as other tools have them (CHROME_PATH is Lighthouse's and Karma's). */
const VARIABLES = ["FEDKMEANS_CHROMIUM", "CHROME_PATH"];

/** Chrome before Chromium, which on Ubuntu is a snap that reads no temporary folder. */
const COMMANDS = [
  "google-chrome",
  "google-chrome-stable",
  "chromium",
  "chromium-browser",
  "chrome",
  "microsoft-edge",
  "microsoft-edge-stable",
  "msedge",
];

const MAC = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const WINDOWS = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

/**
 * Finds an installed Chromium, Chrome or Edge: what FEDKMEANS_CHROMIUM or CHROME_PATH names, else a usual name on the
 * PATH, else a usual place.
 *
 * @returns the program's path
 * @throws RunError if there is none, or if a variable names none
 */
export function findChromium(): string {
  for (const variable of VARIABLES) {
    const path = process.env[variable];
    if (path === undefined || path === "") continue;
    if (isProgram(path)) return path;
    throw new RunError(`${variable} must name a Chromium, Chrome or Edge, found no program at ${path}`);
  }
  const found = usualPlaces().find(isProgram);
  if (found !== undefined) return found;
  throw new RunError(
    "Chromium is missing, which makes the PDF: none of chromium, google-chrome and microsoft-edge is on the PATH; " +
      "install one, or name it in FEDKMEANS_CHROMIUM",
  );
}

function usualPlaces(): string[] {
  const { PATH = "", PROGRAMFILES, "PROGRAMFILES(X86)": older, LOCALAPPDATA } = process.env;
  const ending = process.platform === "win32" ? ".exe" : "";
  const folders = PATH.split(delimiter).filter((folder) => folder !== "");
  const places = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
  if (process.platform === "darwin") places.push(...MAC);
  if (process.platform === "win32") {
    for (const root of [PROGRAMFILES, older, LOCALAPPDATA]) {
      if (root !== undefined) places.push(...WINDOWS.map((path) => join(root, path)));
    }
  }
  return places;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
