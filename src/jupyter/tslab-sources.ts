import { SourceMap } from "node:module";
import { basename } from "node:path";
import { type Place, pointAt } from "./cell-error.js";
import type { TypeScript } from "./tslab-typescript.js";

/*
 * tslab compiles a cell twice, to an ES module and from that to CommonJS, and runs it under a name that all cells
 * share. Here each text that was compiled has a name of its own and keeps the maps of both steps, so that an error can
 * say which line of which cell it comes from.
 */

/** Lines that tslab puts before a cell's text. */
const LINES_BEFORE = 1;

interface Compiled {
  /** From TypeScript to the ES module, and from that to CommonJS. */
  maps: [SourceMap, SourceMap];
  /** "cell 3", or the name of a file that a cell imports. */
  name: string;
  /** The cell's text; null of a file. */
  source: string | null;
  /** How many lines of CommonJS there are; those after them are tslab's call of the cell. */
  lines: number;
}

export interface CellSources {
  /** Replaces functions of the TypeScript inside tslab. */
  readonly functions: Pick<TypeScript, "transpileModule">;
  /** To be called before a cell is compiled. */
  begin(count: number, source: string): void;
  /** The lines of an error's stack that are in cells, innermost first, the first with its code. */
  locate(stack: string): string[];
}

/** Names what tslab compiles from now on, and finds the lines of errors in it. */
export function followSources(ts: TypeScript): CellSources {
  const compiled: Compiled[] = [];
  let cell = { name: "cell", source: "" };
  return {
    functions: {
      transpileModule(js, options) {
        const [code, map] = takeMap(js);
        const { outputText, sourceMapText } = ts.transpileModule(code, {
          ...options,
          compilerOptions: { ...options.compilerOptions, sourceMap: true },
        });
        if (map === null || sourceMapText === undefined) return { outputText };
        const file = basename(map.sources[0] ?? "");
        const isCell = file === "__tslab__.ts";
        const text = outputText.replace(/\/\/# sourceMappingURL=.*\n?/, "");
        compiled.push({
          lines: text.split("\n").length,
          maps: [new SourceMap(map), new SourceMap(JSON.parse(sourceMapText))],
          ...(isCell ? cell : { name: file, source: null }),
        });
        return { outputText: `${text}\n//# sourceURL=compiled-${compiled.length - 1}.ts` };
      },
    },
    begin(count, source) {
      cell = { name: `cell ${count}`, source };
    },
    locate(stack) {
      const places = [...stack.matchAll(/\bcompiled-(\d+)\.ts:(\d+):(\d+)/g)].flatMap(
        ([, id, line, column]) => {
          const found = compiled[Number(id)];
          const place = found && original(found, Number(line), Number(column));
          return place ? [{ ...found, place }] : [];
        },
      );
      const shown = places.find(({ source }) => source !== null);
      return places.flatMap((at) => pointAt(at.name, at === shown ? at.source : null, at.place));
    },
  };
}

function original(
  { maps: [first, second], source, lines }: Compiled,
  line: number,
  column: number,
): Place | null {
  if (line > lines) return null;
  const module = second.findEntry(line - 1, column - 1);
  if (!("originalLine" in module)) return null;
  const entry = first.findEntry(module.originalLine, module.originalColumn);
  if (!("originalLine" in entry)) return null;
  const before = source === null ? 0 : LINES_BEFORE;
  return { line: entry.originalLine + 1 - before, column: entry.originalColumn + 1 };
}

type MapPayload = ConstructorParameters<typeof SourceMap>[0];

/** Parts code from the map at its end. */
function takeMap(js: string): [code: string, map: MapPayload | null] {
  const found = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(js);
  if (found === null) return [js, null];
  return [js.slice(0, found.index), JSON.parse(Buffer.from(found[1], "base64").toString())];
}
