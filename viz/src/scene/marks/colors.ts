/* Colours between colours, opaque: what is printed over nothing else needs no transparency. */

/** The colour at a share of the way from one to another. */
export function mixed(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  const hex = a.map((value, i) =>
    Math.round(value + (b[i] - value) * share)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
}

/** Of some colours, the one that is read best on another: of the greatest contrast. */
export function readable(colors: readonly string[], on: string): string {
  const below = luminance(on);
  const contrast = (color: string) => {
    const above = luminance(color);
    return (Math.max(above, below) + 0.05) / (Math.min(above, below) + 0.05);
  };
  return colors.reduce((best, color) => (contrast(color) > contrast(best) ? color : best));
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(color: string): number {
  const [r, g, b] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
