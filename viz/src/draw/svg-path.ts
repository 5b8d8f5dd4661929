import { short } from "./svg-values.js";

type Point = readonly [x: number, y: number];

/**
 * A path of SVG in steps from where it begins, so that the same shape elsewhere is the same text. Steps are taken from
 * what is written, not from what was meant: rounding does not add up.
 */
export class SvgPath {
  /** Where it begins; null: nowhere yet. */
  start: Point | null = null;
  #steps = "";
  #at: Point = [0, 0];
  #corner: Point = [0, 0];

  /** The steps. */
  get shape(): string {
    return this.#steps;
  }

  moveTo(to: Point): void {
    if (this.start === null) {
      this.start = to;
      this.#at = to;
    } else this.#write("m", to);
    this.#corner = this.#at;
  }

  lineTo(to: Point): void {
    if (this.start === null) this.moveTo(to);
    else this.#write("l", to);
  }

  quadraticCurveTo(by: Point, to: Point): void {
    this.#write("q", by, to);
  }

  /** @param radius of an arc of at most half a circle */
  arcTo(to: Point, radius: number, isClockwise: boolean): void {
    const r = short(radius);
    this.#steps += `a${r} ${r} 0 0 ${Number(isClockwise)} `;
    this.#write("", to);
  }

  close(): void {
    if (this.start === null) return;
    this.#steps += "z";
    this.#at = this.#corner;
  }

  #write(command: string, ...points: Point[]): void {
    const [x, y] = this.#at;
    const steps = points.map((point) => [short(point[0] - x), short(point[1] - y)]);
    this.#steps += command + steps.map((step) => step.join(" ")).join(" ");
    const [dx, dy] = steps.at(-1)!;
    this.#at = [x + Number(dx), y + Number(dy)];
  }
}
