import type { Experiment } from "#src/read/experiment.js";
import type { Frame } from "#src/scene/frames/frame.js";
import type { Mark, Scene, SymbolMark } from "#src/scene/marks/marks.js";
import { createComposer } from "#src/scene/scene.js";

/* What is in a scene, for tests of it. */

export const OPTIONS = { width: 1280, height: 720, theme: "light" } as const;

export const sceneOf = (experiment: Experiment, frame: Frame): Scene =>
  createComposer(experiment, OPTIONS)(frame);
/** All but those of the legend. */
export const marksOf = (scene: Scene): Mark[] =>
  scene.layers.filter(({ isLegend }) => isLegend !== true).flatMap(({ marks }) => marks);
export const legendOf = (scene: Scene): Mark[] =>
  scene.layers.filter(({ isLegend }) => isLegend === true).flatMap(({ marks }) => marks);
export const symbols = (scene: Scene): SymbolMark[] =>
  marksOf(scene).filter((mark): mark is SymbolMark => mark.kind === "symbol");
export const texts = (scene: Scene): string[] =>
  [...marksOf(scene), ...legendOf(scene)].flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
export const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
export const at =
  (x: number, y: number) =>
  (mark: SymbolMark): boolean =>
    near(mark.x, x) && near(mark.y, y);

export function inside(
  mark: { x: number; y: number },
  area: { x: number; y: number; width: number; height: number },
): boolean {
  return (
    mark.x >= area.x && mark.x <= area.x + area.width && mark.y >= area.y && mark.y <= area.y + area.height
  );
}
