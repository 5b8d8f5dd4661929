import assert from "node:assert/strict";
import { test } from "node:test";
import { colourOf, N_COLOURS, textOn } from "#src/markup/palette.js";

test("numbers on any colour can be read: contrast of at least 4.5 (WCAG 2.2, AA)", () => {
  const luminance = (colour: string) => {
    const whole = colour.length === 4 ? colour.replaceAll(/[\da-f]/g, "$&$&") : colour;
    const [r, g, b] = [1, 3, 5].map((at) => {
      const c = Number.parseInt(whole.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (let index = -1; index < N_COLOURS; index++) {
    const [a, b] = [luminance(colourOf(index)), luminance(textOn(index))].sort((x, y) => y - x);
    assert.ok((a + 0.05) / (b + 0.05) >= 4.5, `${colourOf(index)} under ${textOn(index)}`);
  }
});
