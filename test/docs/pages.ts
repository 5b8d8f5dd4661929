import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/* The pages of the documentation, and the fenced blocks in them. */

export const ROOT: string = process.cwd();

/** A block between fences. */
export interface Block {
  /** Where it begins: page and line, from 1. */
  readonly place: string;
  /** The language that its fence names; empty where it names none. */
  readonly language: string;
  /** What its fence says after the language. */
  readonly info: string;
  readonly text: string;
}

/** Paths of all pages, from the root. */
export function pages(): string[] {
  const docs = readdirSync(join(ROOT, "docs")).filter((file) => file.endsWith(".md"));
  const others = ["README.md", "CHANGELOG.md", "data/README.md", "docker/README.md", "viz/README.md"];
  const kernels = "src/numerics/kernels/README.md";
  return [
    ...others,
    ...(existsSync(join(ROOT, kernels)) ? [kernels] : []),
    ...docs.map((file) => `docs/${file}`),
  ];
}

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; fence: string; lines: string[] } | null = null;
  for (const [i, line] of textOf(page).split("\n").entries()) {
    if (open !== null) {
      if (line.trim() !== open.fence) open.lines.push(line);
      else {
        blocks.push({ ...open.block, text: open.lines.join("\n") });
        open = null;
      }
      continue;
    }
    const [, fence, language, info] = /^ *(`{3,})(\S*) *(.*)$/.exec(line) ?? [];
    if (fence === undefined) continue;
    open = { block: { place: `${page}:${i + 1}`, language, info: info.trim(), text: "" }, fence, lines: [] };
  }
  if (open !== null) throw new Error(`${open.block.place}: the block has no end`);
  return blocks;
}

/** Why a block is not run; null where it is. */
export function whyNotRun({ info }: Block): string | null {
  return /^no-test:(.*)$/.exec(info)?.[1].trim() ?? null;
}
