import { type Block, cells, code, type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { byFolder, checksums, runFiles } from "../files.js";
import { bytesText, count } from "../words.js";

/** Files that are listed one by one, at most. */
const MOST_FILES = 300;

/** What the page carries for programs, and which files it is of. */
export function appendix({ directory, summary }: RunFacts): Section {
  const files = runFiles(directory);
  const blocks: Block[] = [
    {
      type: "files",
      text: say`This page carries ${code("ro-crate-metadata.json")}, the run as an RO-Crate 1.1, for archives: in a copy of the directory it makes that a crate; ${code("report.json")}, what the page was made from; and all tables, which buttons save as CSV and JSON.`,
    },
  ];
  if (files === null) {
    const why = summary.status === "completed" || !summary.isOurs ? "" : ", as the run has not completed";
    blocks.push({
      type: "paragraph",
      text: say`The directory has no manifest${why}: its files are not listed.`,
    });
    return { id: "appendix", title: "Appendix", blocks };
  }
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const table: Block = {
    type: "table",
    caption: "Files of the directory, by folder",
    header: ["folder", "files", "size"],
    nTexts: 1,
    rows: byFolder(files).map(({ name, files: inside, size: bytes }) =>
      cells(name === "" ? "the directory itself" : name, count(inside.length), bytesText(bytes)),
    ),
  };
  blocks.push({
    type: "details",
    summary: `${count(files.length)} files of ${bytesText(size)} in all${files.length > MOST_FILES ? "" : ", with their hashes"}`,
    blocks: [
      table,
      ...(files.length > MOST_FILES
        ? [
            {
              type: "small" as const,
              text: say`${code("manifest.json")} of the directory has the size and the SHA-256 of each.`,
            },
          ]
        : [{ type: "code" as const, name: "SHA256SUMS", text: checksums(files) }]),
    ],
  });
  return { id: "appendix", title: "Appendix", blocks };
}
