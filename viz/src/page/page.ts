import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { embeddedFont } from "../draw/embedded-font.js";
import { fontFile } from "../draw/fonts.js";
import type { Experiment } from "../read/experiment.js";
import type { ThemeName } from "../scene/marks/theme.js";
import { countText, noiseText, plural } from "../scene/text/numbers.js";
import { pageHtml } from "./html.js";
import { packRun, type Shown } from "./packed-run.js";
import { resultTables } from "./result-tables.js";

/** How a page is to look. */
export interface PageLook extends Shown {
  /** null: as the reader's system has it. */
  readonly theme: ThemeName | null;
  /** null: by the run's name. */
  readonly title: string | null;
}

/** Letters that every page has: Latin ones with all their accents, and the signs of the pictures. */
const LETTERS = `${letters(0x20, 0x7e)}${letters(0xa0, 0x17f)}–—…×−·→←↑↓≤≥≈„“”‘’•′″‹›¼½`;

const WEIGHTS = ["regular", "semibold"] as const;

/** The page of an experiment. The same gives the same text. */
export function pageOf(experiment: Experiment, look: PageLook): string {
  const said = new Set(LETTERS + wordsOf(experiment));
  const fonts = WEIGHTS.map((weight) => embeddedFont(fontFile(weight), said));
  return pageHtml({
    title: look.title ?? `Federated k-means: ${basename(resolve(experiment.directory))}`,
    about: aboutOf(experiment),
    note: experiment.note,
    script: readFileSync(join(__dirname, "app.js"), "utf8"),
    style: readFileSync(join(__dirname, "app.css"), "utf8"),
    run: gzipSync(packRun(experiment, look, fonts), { level: 9 }),
    isNoisy: experiment.noise !== null,
    tables: resultTables(experiment),
    theme: look.theme,
  });
}

function aboutOf({ algorithm, clients, rounds, noise }: Experiment): string {
  const last = rounds.at(-1)!;
  const nRows = clients.some(({ nSamples }) => nSamples === null)
    ? null
    : clients.reduce((sum, { nSamples }) => sum + nSamples!, 0);
  return [
    algorithm,
    noise && noiseText(noise),
    clients.length === 0 ? null : plural(clients.length, "client"),
    nRows === null || nRows === 0 ? null : plural(nRows, "row"),
    plural(last.k, "cluster"),
    last.round === 0
      ? "no round after the start"
      : `${countText(last.round)} ${last.round === 1 ? "round" : "rounds"}`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** All that a picture may say of this experiment, as far as it is not a number. */
function wordsOf({ directory, algorithm, axes, clients, note, rounds }: Experiment): string {
  const reasons = rounds.flatMap(({ dropped }) => dropped.map(({ reason }) => reason));
  return [basename(directory), algorithm, ...axes, ...clients.map(({ name }) => name), note, ...reasons].join(
    "",
  );
}

function letters(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, i) => first + i));
}
