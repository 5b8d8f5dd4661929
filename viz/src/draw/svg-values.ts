/* How SVG writes values. */

/** A number as short as a picture needs it. */
export function short(value: number, digits = 2): string {
  const factor = 10 ** digits;
  return String((Math.round(value * factor) || 0) / factor);
}

/** Text between tags. What XML has no letters for is left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** A colour of a canvas, which may end in its opacity, as all readers of SVG know it. */
export function painted(what: "fill" | "stroke", color: unknown, alpha: number): string {
  const [, rgb, rest] = /^(#[\da-f]{6})([\da-f]{2})$/i.exec(String(color)) ?? [];
  const opacity = rest === undefined ? alpha : (alpha * Number.parseInt(rest, 16)) / 255;
  return ` ${what}="${rgb ?? color}"${opacity < 1 ? ` ${what}-opacity="${short(opacity, 3)}"` : ""}`;
}

/** Names a definition by what it is: where pictures stand in one page, equal names mean equal things. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash.toString(36).slice(-8);
}
