import type { Context2D, Surface } from "./host.js";
import { NODE_HOST } from "./node-host.js";
import { SvgElements } from "./svg-elements.js";
import { SvgPath } from "./svg-path.js";
import { escaped, painted, short } from "./svg-values.js";

/** A, b, c, d, e, f of a canvas: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number];

/** What is set for all that is drawn after it. */
const PAINT = [
  "globalAlpha",
  "fillStyle",
  "strokeStyle",
  "lineWidth",
  "lineJoin",
  "lineCap",
  "font",
  "textAlign",
] as const;

interface State {
  readonly matrix: Matrix;
  readonly clip: string | null;
  readonly dash: readonly number[];
  readonly paint: object;
}

/**
 * A context that writes down what is drawn as elements of SVG. Marks are drawn by the same code as on any canvas; shapes
 * stay shapes, and texts texts, which can be found and edited.
 */
export class SvgContext implements Context2D {
  globalAlpha = 1;
  globalCompositeOperation: unknown = "source-over";
  fillStyle: unknown = "#000000";
  strokeStyle: unknown = "#000000";
  lineWidth = 1;
  lineJoin: unknown = "miter";
  lineCap: unknown = "butt";
  font = "";
  textBaseline: unknown = "alphabetic";
  textAlign: unknown = "left";
  readonly elements: SvgElements = new SvgElements();
  /** Letters that were set, by weight. */
  readonly letters: Readonly<Record<"regular" | "semibold", Set<string>>> = {
    regular: new Set(),
    semibold: new Set(),
  };

  readonly #ruler: Context2D = NODE_HOST.contextOf(NODE_HOST.createCanvas(1, 1));
  readonly #states: State[] = [];
  #matrix: Matrix = [1, 0, 0, 1, 0, 0];
  #clip: string | null = null;
  #dash: readonly number[] = [];
  #path = new SvgPath();

  save(): void {
    const paint = Object.fromEntries(PAINT.map((name) => [name, this[name]]));
    this.#states.push({ matrix: this.#matrix, clip: this.#clip, dash: this.#dash, paint });
  }

  restore(): void {
    const state = this.#states.pop();
    if (state === undefined) return;
    this.#matrix = state.matrix;
    this.#clip = state.clip;
    this.#dash = state.dash;
    Object.assign(this, state.paint);
  }

  scale(x: number, y: number): void {
    this.#transform([x, 0, 0, y, 0, 0]);
  }

  translate(x: number, y: number): void {
    this.#transform([1, 0, 0, 1, x, y]);
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#transform([cos, sin, -sin, cos, 0, 0]);
  }

  setTransform(...matrix: [number, number, number, number, number, number]): void {
    this.#matrix = matrix;
  }

  setLineDash(segments: number[]): void {
    this.#dash = segments;
  }

  beginPath(): void {
    this.#path = new SvgPath();
  }

  closePath(): void {
    this.#path.close();
  }

  moveTo(x: number, y: number): void {
    this.#path.moveTo(this.#placed(x, y));
  }

  lineTo(x: number, y: number): void {
    this.#path.lineTo(this.#placed(x, y));
  }

  quadraticCurveTo(cpx: number, cpy: number, x: number, y: number): void {
    this.#path.quadraticCurveTo(this.#placed(cpx, cpy), this.#placed(x, y));
  }

  arc(x: number, y: number, radius: number, start: number, end: number): void {
    const at = (angle: number) => this.#placed(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    // A canvas draws a line to where the arc begins; after `moveTo` it has no length.
    const [first, before] = [at(start), this.#path.start];
    if (before === null || Math.hypot(before[0] - first[0], before[1] - first[1]) > 1e-9) {
      this.#path.lineTo(first);
    }
    // SVG knows an arc by its ends, which are one of a whole circle: that is two.
    for (const angle of end - start > Math.PI ? [(start + end) / 2, end] : [end]) {
      this.#path.arcTo(at(angle), radius * this.#unit(), end > start);
    }
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.closePath();
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const [right, bottom, quarter] = [x + width, y + height, Math.PI / 2];
    this.moveTo(x + radius, y);
    this.arc(right - radius, y + radius, radius, -quarter, 0);
    this.arc(right - radius, bottom - radius, radius, 0, quarter);
    this.arc(x + radius, bottom - radius, radius, quarter, 2 * quarter);
    this.arc(x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    this.closePath();
  }

  clip(): void {
    const { start, shape } = this.#path;
    const [x, y] = start ?? [0, 0];
    this.#clip = this.elements.clip(`M${short(x)} ${short(y)}${shape}`);
  }

  fill(): void {
    const { start, shape } = this.#path;
    if (start === null) return;
    this.elements.fill(this.#clip, start, shape, painted("fill", this.fillStyle, this.globalAlpha));
  }

  stroke(): void {
    const { start, shape } = this.#path;
    if (start === null) return;
    const dash = this.#dash.map((part) => short(part * this.#unit())).join(" ");
    const look = [
      painted("stroke", this.strokeStyle, this.globalAlpha),
      ` stroke-width="${short(this.lineWidth * this.#unit())}"`,
      this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`,
      this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`,
      dash === "" ? "" : ` stroke-dasharray="${dash}"`,
    ];
    this.elements.stroke(this.#clip, start, shape, look.join(""));
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  /** Nothing is below. */
  clearRect(): void {}

  fillText(text: string, x: number, y: number): void {
    const [, weight, size] = /^(600|normal) ([\d.]+)px/.exec(this.font) ?? [];
    const isBold = weight === "600";
    const [atX, atY] = this.#placed(x, y).map((at) => short(at));
    const turn = (Math.atan2(this.#matrix[1], this.#matrix[0]) * 180) / Math.PI;
    const anchor = { center: "middle", right: "end" }[this.textAlign as string];
    const attributes = [
      ` x="${atX}" y="${atY}" font-size="${short(Number(size) * this.#unit())}"`,
      isBold ? ' font-weight="600"' : "",
      anchor === undefined ? "" : ` text-anchor="${anchor}"`,
      Math.abs(turn) < 1e-6 ? "" : ` transform="rotate(${short(turn)} ${atX} ${atY})"`,
      painted("fill", this.fillStyle, this.globalAlpha),
      // Blanks in a row would become one.
      /\s\s/.test(text) ? ' xml:space="preserve"' : "",
    ];
    for (const letter of text) this.letters[isBold ? "semibold" : "regular"].add(letter);
    this.elements.whole(this.#clip, `<text${attributes.join("")}>${escaped(text)}</text>`);
  }

  measureText(text: string): { readonly width: number } {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  drawImage(
    image: Surface,
    x: number,
    y: number,
    width: number = image.width,
    height: number = image.height,
  ): void {
    const png = (image as Surface & { toBuffer(type: "image/png"): Buffer }).toBuffer("image/png");
    const [left, top] = this.#placed(x, y);
    const place = [left, top, width * this.#unit(), height * this.#unit()].map((value) => short(value));
    const names = ["x", "y", "width", "height"].map((name, i) => ` ${name}="${place[i]}"`).join("");
    const data = `data:image/png;base64,${png.toString("base64")}`;
    const opacity = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha, 3)}"` : "";
    this.elements.whole(
      this.#clip,
      `<image${names}${opacity} preserveAspectRatio="none" xlink:href="${data}"/>`,
    );
  }

  getImageData(): never {
    return noPixels();
  }

  createImageData(): never {
    return noPixels();
  }

  putImageData(): never {
    return noPixels();
  }

  #transform([a, b, c, d, e, f]: Matrix): void {
    const [ma, mb, mc, md, me, mf] = this.#matrix;
    const [x, y] = [ma * e + mc * f + me, mb * e + md * f + mf];
    this.#matrix = [ma * a + mc * b, mb * a + md * b, ma * c + mc * d, mb * c + md * d, x, y];
  }

  #placed(x: number, y: number): readonly [number, number] {
    const [a, b, c, d, e, f] = this.#matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  /** How many units of the picture one of the context's is. */
  #unit(): number {
    return Math.hypot(this.#matrix[0], this.#matrix[1]);
  }
}

function noPixels(): never {
  throw new Error("a vector has no pixels");
}
