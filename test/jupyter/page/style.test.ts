import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTEBOOK_STYLE } from "#src/jupyter/page/style.js";

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const whole = colour.length === 4 ? colour.replaceAll(/[\da-f]/g, "$&$&") : colour;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(whole.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("code and texts hold a contrast of 4.5 on what is behind them, in light and in dark", () => {
  const light = new Map<string, string>();
  const dark = new Map<string, string>();
  const blocks = NOTEBOOK_STYLE.matchAll(/(prefers-color-scheme:dark\)\{@media screen\{)?:root\{([^}]*)\}/g);
  for (const [, isDark, properties] of blocks) {
    for (const [, name, colour] of properties.matchAll(/--([\w-]+):(#[\da-f]{3,6})/g)) {
      (isDark === undefined ? light : dark).set(name, colour);
    }
  }
  const texts = ["text", "quiet", "accent", "bad", "good", "keyword", "string", "number", "comment", "name"];
  for (const scheme of [light, dark]) {
    for (const text of texts) {
      for (const behind of ["paper", "soft"]) {
        const [a, b] = [text, behind].map((name) => luminance(scheme.get(name)!)).sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        assert.ok(contrast >= 4.5, `--${text} on --${behind}: ${contrast.toFixed(2)}`);
      }
    }
  }
});
