import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { svgImage } from "../../markup/html.js";
import { printable } from "../../printable.js";

/** One thing to look at, in as many forms as there are; a frontend takes the richest it can show. */
export interface Content {
  readonly html?: string;
  readonly svg?: string;
  readonly png?: Uint8Array;
  /** Other forms, by media type. */
  readonly media?: Readonly<Record<string, unknown>>;
  /** For a terminal, and for readers of a notebook without pictures. */
  readonly text: string;
}

/** An output that can be replaced by another, in place. */
interface Output {
  show(content: Content): Promise<void>;
  /** To be called when nothing more will be shown in it. */
  end(): void;
}

/** Where cells show things. */
export interface Frontend {
  readonly kind: "tslab" | "deno" | "terminal";
  /** A new output; empty until something is shown in it. */
  newOutput(): Output;
}

/** What tslab hands every cell. */
interface Tslab {
  /** Takes one form only. */
  newDisplay(): { raw(contentType: string, data: string | Uint8Array): void };
  /** Shows a thing in all its forms; where this package's own kernel runs. */
  showForms?(forms: Record<string, unknown>, name: string, isUpdate: boolean): void;
}

interface DenoJupyter {
  broadcast(type: "display_data" | "update_display_data", content: object): Promise<void>;
}

/** Finds out where this runs: a cell of tslab, a cell of Deno's Jupyter kernel, or a program. */
export function currentFrontend(): Frontend {
  const { __tslab__: tslab } = globalThis as { __tslab__?: { require(id: "tslab"): Tslab } };
  if (tslab !== undefined) return { kind: "tslab", newOutput: () => tslabOutput(tslab.require("tslab")) };
  const jupyter = denoJupyter();
  if (jupyter !== null) return { kind: "deno", newOutput: () => denoOutput(jupyter) };
  return { kind: "terminal", newOutput: () => terminalOutput(process.stdout) };
}

function denoJupyter(): DenoJupyter | null {
  try {
    return (globalThis as { Deno?: { jupyter?: DenoJupyter } }).Deno?.jupyter ?? null;
  } catch {
    // Where Deno runs no notebook, reading the property throws.
    return null;
  }
}

/** A content's forms by media type. */
export function formsOf({ html, svg, png, media, text }: Content): Record<string, unknown> {
  return {
    "text/plain": text,
    ...media,
    ...(svg !== undefined && { "text/html": svgImage(svg, text) }),
    ...(html !== undefined && { "text/html": html }),
    ...(png !== undefined && { "image/png": Buffer.from(png).toString("base64") }),
  };
}

function tslabOutput(tslab: Tslab): Output {
  if (tslab.showForms !== undefined) {
    const name = randomUUID();
    let isShown = false;
    return {
      async show(content) {
        tslab.showForms?.(formsOf(content), name, isShown);
        isShown = true;
      },
      end() {},
    };
  }
  const output = tslab.newDisplay();
  return {
    async show({ html, svg, png, text }) {
      if (html !== undefined) output.raw("text/html", html);
      else if (svg !== undefined) output.raw("text/html", svgImage(svg, text));
      else if (png !== undefined) output.raw("image/png", png);
      else output.raw("text/plain", text);
    },
    end() {},
  };
}

/**
 * Milliseconds to wait after each message to Deno's kernel. The kernel publishes one message after another, but says
 * that a cell is done without waiting for them, so that Jupyter would no longer listen to the last of several.
 */
const PAUSE = 10;

/**
 * Characters that Deno's kernel has published after another millisecond, with much to spare. What is published before
 * a large message is written ends up inside it, and from then on Jupyter understands nothing that the kernel says.
 */
const PUBLISHED = 4000;

function denoOutput(jupyter: DenoJupyter): Output {
  const transient = { display_id: randomUUID() };
  let isShown = false;
  return {
    async show(content) {
      const data = formsOf(content);
      const type = isShown ? "update_display_data" : "display_data";
      isShown = true;
      await jupyter.broadcast(type, { data, metadata: {}, transient });
      await sleep(PAUSE + sizeOf(data) / PUBLISHED);
    },
    end() {},
  };
}

function sizeOf(forms: Record<string, unknown>): number {
  return Object.values(forms).reduce((sum: number, form) => sum + String(form).length, 0);
}

/** Prints text. On a terminal a text of one line replaces the line before it. */
function terminalOutput(stream: NodeJS.WriteStream): Output {
  let isLineOpen = false;
  return {
    async show(content) {
      const text = printable(content.text);
      const isLine = stream.isTTY && !text.includes("\n");
      stream.write(isLine ? `\r\x1b[2K${text}` : `${text.replace(/\n$/, "")}\n`);
      isLineOpen = isLine;
    },
    end() {
      if (isLineOpen) stream.write("\n");
      isLineOpen = false;
    },
  };
}
