import { padded, type Tables, woffOf } from "./woff.js";

/*
 * A typeface with no more letters than a text has, as a WOFF file: a picture that says its letters itself looks the same
 * where the typeface is not installed.
 */

/** Where a head says how wide offsets are; what a part of a composed glyph has. */
const LONG_OFFSETS = 50;
const COMPOSITE = { wordArguments: 1, scale: 8, more: 32, scales: 64, matrix: 128 };

/**
 * Cuts a typeface down. Glyphs keep their numbers; what is not needed is empty, which compresses to nothing.
 *
 * @param font a TrueType file
 * @param letters to keep; those it lacks are left out
 * @returns a WOFF file's bytes; the same letters give the same
 * @see OpenType specification 1.9, WOFF File Format 1.0
 */
export function embeddedFont(font: Buffer, letters: ReadonlySet<string>): Buffer {
  const tables = tablesOf(font);
  const glyphOf = readCmap(tables.get("cmap")!);
  const wanted = [...letters]
    .map((letter) => letter.codePointAt(0)!)
    .filter((code) => glyphOf.has(code))
    .sort((a, b) => a - b);
  const kept: Tables = new Map();
  for (const name of ["OS/2", "head", "hhea", "maxp"]) kept.set(name, Buffer.from(tables.get(name)!));
  const isLong = kept.get("head")!.readInt16BE(LONG_OFFSETS) === 1;
  kept.get("head")!.writeInt16BE(1, LONG_OFFSETS);
  const offsets = offsetsOf(tables.get("loca")!, isLong);
  const glyf = tables.get("glyf")!;
  const glyphs = closed([0, ...wanted.map((code) => glyphOf.get(code)!)], glyf, offsets);
  const { data, loca } = glyphTables(glyphs, glyf, offsets);
  kept.set("glyf", data);
  kept.set("loca", loca);
  kept.set("hmtx", widthsOf(tables.get("hmtx")!, kept.get("hhea")!.readUInt16BE(34), glyphs));
  kept.set("cmap", cmapOf(wanted.map((code) => [code, glyphOf.get(code)!])));
  kept.set("name", Buffer.from([0, 0, 0, 0, 0, 6]));
  kept.set("post", Buffer.concat([Buffer.from([0, 3, 0, 0]), tables.get("post")!.subarray(4, 32)]));
  return woffOf(kept);
}

/** Code points of the characters that a typeface has. */
export function lettersOf(font: Buffer): ReadonlySet<number> {
  return new Set(readCmap(tablesOf(font).get("cmap")!).keys());
}

function tablesOf(font: Buffer): Tables {
  const tables: Tables = new Map();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    const start = font.readUInt32BE(at + 8);
    const name = font.toString("latin1", at, at + 4);
    tables.set(name, font.subarray(start, start + font.readUInt32BE(at + 12)));
  }
  return tables;
}

/** The glyph of each character, of the subtables of formats 4 and 12. */
function readCmap(cmap: Buffer): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.subarray(cmap.readUInt32BE(8 + 8 * i));
    const format = table.readUInt16BE(0);
    if (format === 4) readSegments(table, glyphs);
    if (format === 12) {
      for (let group = 0; group < table.readUInt32BE(12); group++) {
        const [first, last, glyph] = [0, 4, 8].map((offset) => table.readUInt32BE(16 + 12 * group + offset));
        for (let code = first; code <= last; code++) glyphs.set(code, glyph + code - first);
      }
    }
  }
  return glyphs;
}

function readSegments(table: Buffer, glyphs: Map<number, number>): void {
  const bytes = table.readUInt16BE(6);
  for (let at = 14; at < 14 + bytes; at += 2) {
    const last = table.readUInt16BE(at);
    const first = table.readUInt16BE(at + bytes + 2);
    const delta = table.readUInt16BE(at + 2 * bytes + 2);
    const range = table.readUInt16BE(at + 3 * bytes + 2);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const place = at + 3 * bytes + 2 + range + 2 * (code - first);
      const glyph = range === 0 ? code : table.readUInt16BE(place);
      if (glyph !== 0) glyphs.set(code, (glyph + delta) & 0xffff);
    }
  }
}

function offsetsOf(loca: Buffer, isLong: boolean): number[] {
  const size = isLong ? 4 : 2;
  return Array.from({ length: loca.length / size }, (_, i) =>
    isLong ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i),
  );
}

/** Glyphs with those that they are composed of. */
function closed(glyphs: readonly number[], glyf: Buffer, offsets: readonly number[]): Set<number> {
  const all = new Set(glyphs);
  for (const glyph of all) {
    const data = glyf.subarray(offsets[glyph], offsets[glyph + 1]);
    if (data.length === 0 || data.readInt16BE(0) >= 0) continue;
    for (let at = 10, flags = COMPOSITE.more; flags & COMPOSITE.more; ) {
      flags = data.readUInt16BE(at);
      all.add(data.readUInt16BE(at + 2));
      at += 4 + (flags & COMPOSITE.wordArguments ? 4 : 2);
      at += flags & COMPOSITE.scale ? 2 : flags & COMPOSITE.scales ? 4 : flags & COMPOSITE.matrix ? 8 : 0;
    }
  }
  return all;
}

function glyphTables(
  glyphs: ReadonlySet<number>,
  glyf: Buffer,
  offsets: readonly number[],
): { data: Buffer; loca: Buffer } {
  const parts: Buffer[] = [];
  const loca = Buffer.alloc(4 * offsets.length);
  let length = 0;
  for (let glyph = 0; glyph + 1 < offsets.length; glyph++) {
    loca.writeUInt32BE(length, 4 * glyph);
    if (!glyphs.has(glyph)) continue;
    const part = padded(glyf.subarray(offsets[glyph], offsets[glyph + 1]));
    parts.push(part);
    length += part.length;
  }
  loca.writeUInt32BE(length, 4 * (offsets.length - 1));
  return { data: Buffer.concat(parts), loca };
}

/** The widths of the glyphs that are kept, and 0 of the others. */
function widthsOf(hmtx: Buffer, nWidths: number, glyphs: ReadonlySet<number>): Buffer {
  const widths = Buffer.alloc(hmtx.length);
  for (const glyph of glyphs) {
    const [start, end] = glyph < nWidths ? [4 * glyph, 4 * glyph + 4] : [4 * (nWidths - 1), 4 * nWidths];
    hmtx.copy(widths, start, start, end);
    if (glyph < nWidths) continue;
    const bearing = 4 * nWidths + 2 * (glyph - nWidths);
    hmtx.copy(widths, bearing, bearing, bearing + 2);
  }
  return widths;
}

/** A table of format 12, a group a character. */
function cmapOf(pairs: readonly (readonly [code: number, glyph: number])[]): Buffer {
  const header = Buffer.alloc(12);
  // One subtable: Windows, all of Unicode.
  for (const [i, value] of [0, 1, 3, 10].entries()) header.writeUInt16BE(value, 2 * i);
  header.writeUInt32BE(12, 8);
  const table = Buffer.alloc(16 + 12 * pairs.length);
  table.writeUInt16BE(12, 0);
  table.writeUInt32BE(table.length, 4);
  table.writeUInt32BE(pairs.length, 12);
  for (const [i, [code, glyph]] of pairs.entries()) {
    for (const [j, value] of [code, code, glyph].entries()) table.writeUInt32BE(value, 16 + 12 * i + 4 * j);
  }
  return Buffer.concat([header, table]);
}
