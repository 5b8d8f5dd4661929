import { hashOf, short } from "./svg-values.js";

/** An element, before it is known how often its shape occurs. */
interface Drawn {
  readonly clip: string | null;
  readonly x: number;
  readonly y: number;
  /** Its shape, in steps from there; null where it is none. */
  readonly shape: string | null;
  /** Attributes; of what is no shape, the whole element. */
  text: string;
  isFill: boolean;
}

/** A shape that occurs as often is defined once. */
const OFTEN = 4;

/** Elements of an SVG, in the order in which they lie over each other. */
export class SvgElements {
  readonly #drawn: Drawn[] = [];
  readonly #clips = new Map<string, string>();

  /** @returns the name of a clip */
  clip(path: string): string {
    const id = `c${hashOf(path)}`;
    this.#clips.set(id, path);
    return id;
  }

  fill(clip: string | null, [x, y]: readonly [number, number], shape: string, look: string): void {
    this.#drawn.push({ clip, x, y, shape, text: look, isFill: true });
  }

  /** A stroke of the shape that was just filled is the same element. */
  stroke(clip: string | null, [x, y]: readonly [number, number], shape: string, look: string): void {
    const last = this.#drawn.at(-1);
    const isLast = last?.isFill && last.clip === clip && last.shape === shape && last.x === x && last.y === y;
    if (!isLast) {
      this.#drawn.push({ clip, x, y, shape, text: ` fill="none"${look}`, isFill: false });
      return;
    }
    last.text += look;
    last.isFill = false;
  }

  whole(clip: string | null, text: string): void {
    this.#drawn.push({ clip, x: 0, y: 0, shape: null, text, isFill: false });
  }

  /** All of it as text, a line an element, the definitions first. */
  written(): string {
    const counts = new Map<string, number>();
    for (const { shape, text } of this.#drawn) {
      if (shape !== null) counts.set(shape + text, (counts.get(shape + text) ?? 0) + 1);
    }
    const shapes = new Map<string, string>();
    const lines: string[] = [];
    let open: string | null = null;
    for (const { clip, x, y, shape, text } of this.#drawn) {
      if (clip !== open) {
        if (open !== null) lines.push("</g>");
        if (clip !== null) lines.push(`<g clip-path="url(#${clip})">`);
        open = clip;
      }
      if (shape === null) lines.push(text);
      else if (counts.get(shape + text)! < OFTEN) {
        lines.push(`<path d="M${short(x)} ${short(y)}${shape}"${text}/>`);
      } else {
        const id = `s${hashOf(shape + text)}`;
        shapes.set(id, `<path id="${id}" d="M0 0${shape}"${text}/>`);
        lines.push(`<use xlink:href="#${id}" x="${short(x)}" y="${short(y)}"/>`);
      }
    }
    if (open !== null) lines.push("</g>");
    const clips = [...this.#clips].map(([id, path]) => `<clipPath id="${id}"><path d="${path}"/></clipPath>`);
    return ["<defs>", ...clips, ...shapes.values(), "</defs>", ...lines].join("\n");
  }
}
