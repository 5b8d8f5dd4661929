import type { Context2D, Host } from "../../draw/host.js";

/** The bundled typeface, or what is nearest to it before it is there. */
const FAMILY = '"Run Inter", Inter, system-ui, sans-serif';

/** Drawing with a browser's canvas. */
export const BROWSER_HOST: Host<HTMLCanvasElement> = {
  createCanvas(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas;
  },
  contextOf: (canvas) => canvas.getContext("2d") as unknown as Context2D,
  fontOf: (size, weight) => `${weight === "semibold" ? 600 : 400} ${size}px ${FAMILY}`,
};

/** Makes the typeface known: files of the regular and the semibold face. */
export async function loadFonts(files: readonly Uint8Array[]): Promise<void> {
  const faces = files.map(
    (bytes, i) =>
      new FontFace("Run Inter", bytes as Uint8Array<ArrayBuffer>, { weight: i === 0 ? "400" : "600" }),
  );
  for (const face of await Promise.all(faces.map((one) => one.load()))) document.fonts.add(face);
}
