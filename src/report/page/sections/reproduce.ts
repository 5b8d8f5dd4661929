import { relative, sep } from "node:path";
import { hashFile } from "../../../files/file-hash.js";
import { plural } from "../../../printable.js";
import { type Block, code, type Prose, type Section, say, strong } from "../document.js";
import type { RunFacts } from "../facts.js";
import { isPrivate } from "../private-facts.js";
import type { RerunVerdict } from "../report.js";
import { shellWord } from "../shell.js";
import { moment } from "../words.js";

/** How to get the same again, and what is known of whether one does. */
export function reproduce(facts: RunFacts, rerun: RerunVerdict | null): Section {
  const { summary, verified, runHash, torn, rounds } = facts;
  const blocks: Block[] = [
    ...commands(facts),
    {
      type: "paragraph",
      text:
        torn === null
          ? say`Run hash, of all means that were recorded: ${code(runHash)}.`
          : say`Hash of the means of the ${plural(rounds.length, "round")} before the damaged one, which is not the run's: ${code(runHash)}.`,
    },
    {
      type: "list",
      items: [
        verified.isGood
          ? say`${strong("Verified")} when this page was made: ${verified.verification.files !== null ? "each file has the size and SHA-256 of the manifest, and " : ""}the arrays of all rounds are as they were written and give the run hash${summary.results?.run_hash ? " of the summary" : ""}.`
          : say`${strong("Not as it was written")}: ${verified.problem}.`,
        rerunItem(facts, rerun),
      ],
    },
    {
      type: "details",
      summary: "Hash of each round's means",
      blocks: [{ type: "code", name: "rounds.sha256", text: roundHashes(facts) }],
    },
  ];
  return { id: "reproduce", title: "Reproduce this", blocks };
}

function commands({ name, summary }: RunFacts): Block[] {
  const version = summary.provenance.environment?.fedkmeans;
  const folder = shellWord(name);
  const again = canRerun(summary);
  const why = !summary.isOurs
    ? "another program made it"
    : isPrivate(summary)
      ? "its noise came from the operating system and is kept nowhere, and another run would spend its rows' privacy once more"
      : "its rows are elsewhere, or were in a program's memory";
  const lines = [
    `npm install fedkmeans${version === undefined ? "" : `@${version}`}`,
    `npx fedkmeans verify ${folder}`,
    ...(again ? [`npx fedkmeans rerun ${folder} --data DATA`] : []),
    `npx fedkmeans report --check ${shellWord(`${name}.html`)} ${folder}`,
  ];
  return [
    {
      type: "paragraph",
      text: say`With this page, the directory ${code(name)}${again ? " and the data (DATA below; what it must be is under Data)" : ""}:`,
    },
    { type: "code", name: "reproduce.sh", text: `${lines.join("\n")}\n` },
    {
      type: "small",
      text: again
        ? say`${code("verify")} checks each file against its hash, ${code("rerun")} makes the run again and compares the run hash, ${code("report --check")} compares this page with the directory.`
        : say`${code("verify")} checks each file against its hash, ${code("report --check")} compares this page with the directory. The run itself cannot be made again from here: ${why}.`,
    },
  ];
}

/** Whether it comes out the same, of data that can be found again: they were in files that a setting named. */
function canRerun(summary: RunFacts["summary"]): boolean {
  const { isOurs, configuration } = summary;
  return isOurs && !isPrivate(summary) && typeof configuration.data === "string";
}

function rerunItem({ summary }: RunFacts, rerun: RerunVerdict | null): Prose {
  if (rerun === null) {
    return canRerun(summary)
      ? say`It was not run again when this page was made.`
      : say`It was not run again.`;
  }
  const verdict = strong(rerun.isSame ? "Run again, the same" : "Run again, not the same");
  return say`${verdict} (${moment(rerun.at)}): ${rerun.said.join("; ")}`;
}

/** SHA-256 of each round's file of global means, as `sha256sum` has it. */
function roundHashes({ rounds, layout }: RunFacts): string {
  return rounds
    .map(({ round }) => {
      const path = layout.globalMeans(round);
      return `${hashFile(path).sha256}  ${relative(layout.directory, path).replaceAll(sep, "/")}\n`;
    })
    .join("");
}
