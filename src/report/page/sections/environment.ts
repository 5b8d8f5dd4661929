import { type Block, type Cell, cells, code, type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { shellCommand } from "../shell.js";
import { duration, moment } from "../words.js";

const UNKNOWN = "not recorded";

/** With what, where and when the run was made. */
export function environment({ summary, isSimulation, privately }: RunFacts): Section {
  const { environment: of, started, resumed, finished, command, working_directory } = summary.provenance;
  const inCode = (text: string | null): Cell => ({ text: [text === null ? UNKNOWN : code(text)] });
  const time = (iso: string | null) => (iso === null ? UNKNOWN : `${moment(iso)} (${iso})`);
  const rows: Cell[][] = [
    cells("fedkmeans", of?.fedkmeans ?? UNKNOWN),
    cells("runtime", of === null ? UNKNOWN : `${of.runtime} ${of.runtime_version}`),
    cells("platform", of === null ? UNKNOWN : `${of.platform}, ${of.architecture}`),
    cells(
      "processor",
      of === null
        ? UNKNOWN
        : `${of.processor ?? "of a model that the system does not tell"}, ${of.processors} in all`,
    ),
    cells("started", time(started)),
    ...resumed.map((at) => cells("gone on with", time(at))),
    cells("finished", time(finished)),
    ...(started !== null && finished !== null && resumed.length === 0
      ? [cells("took", duration((Date.parse(finished) - Date.parse(started)) / 1000))]
      : []),
    [
      ...cells("command line"),
      command === null
        ? {
            text: [
              summary.provenance.started === null ? UNKNOWN : "none: a program or a notebook made the run",
            ],
          }
        : inCode(shellCommand(command)),
    ],
    [...cells("folder"), inCode(working_directory)],
  ];
  if (!summary.isOurs || (of === null && started === null && command === null)) {
    const what = say`With what, where and when the run was made, the directory does not say.`;
    return { id: "environment", title: "Environment", blocks: [{ type: "paragraph", text: what }] };
  }
  const again =
    privately === null
      ? "The same bytes come out for any number of threads, on Node and on Deno."
      : "Noise is from the operating system: no two runs come to the same.";
  const where = isSimulation
    ? say`Server and clients were on one machine. ${again}`
    : say`The server's machine; what clients ran on, it does not know.`;
  const blocks: Block[] = [
    { type: "paragraph", text: where },
    { type: "table", caption: "Environment", header: ["what", "is"], nTexts: 2, rows },
  ];
  return { id: "environment", title: "Environment", blocks };
}
