import { deflateSync } from "node:zlib";

/** Tables of a typeface by their names of four letters. */
export type Tables = Map<string, Buffer>;

/** Where a head has the checksum of its file. */
const CHECKSUM = 8;
const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;

/**
 * Packs a typeface of TrueType outlines.
 *
 * @returns the bytes of a WOFF file
 * @see WOFF File Format 1.0, sections 3 to 5
 */
export function woffOf(tables: Tables): Buffer {
  const names = [...tables.keys()].sort();
  const head = tables.get("head")!;
  head.writeUInt32BE(0, CHECKSUM);
  head.writeUInt32BE((0xb1b0afba - fileChecksum(names, tables)) >>> 0, CHECKSUM);
  const directory = Buffer.alloc(WOFF_ENTRY * names.length);
  const bodies: Buffer[] = [];
  let at = WOFF_HEADER + directory.length;
  for (const [i, name] of names.entries()) {
    const table = tables.get(name)!;
    const packed = deflateSync(table, { level: 9 });
    const body = packed.length < table.length ? packed : table;
    directory.write(name, WOFF_ENTRY * i, "latin1");
    const sum = name === "head" ? checksum(withoutChecksum(table)) : checksum(table);
    for (const [j, value] of [at, body.length, table.length, sum].entries()) {
      directory.writeUInt32BE(value, WOFF_ENTRY * i + 4 + 4 * j);
    }
    bodies.push(padded(body));
    at += padded(body).length;
  }
  const header = Buffer.alloc(WOFF_HEADER);
  header.write("wOFF", 0, "latin1");
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(at, 8);
  header.writeUInt16BE(names.length, 12);
  header.writeUInt32BE(sfntLength(names, tables), 16);
  return Buffer.concat([header, directory, ...bodies]);
}

function sfntLength(names: readonly string[], tables: Tables): number {
  return names.reduce((sum, name) => sum + padded(tables.get(name)!).length, 12 + 16 * names.length);
}

/** Of the TrueType file that a reader makes of it. */
function fileChecksum(names: readonly string[], tables: Tables): number {
  const header = Buffer.alloc(12 + 16 * names.length);
  const power = 2 ** Math.floor(Math.log2(names.length));
  header.writeUInt32BE(0x00010000, 0);
  const fields = [names.length, 16 * power, Math.log2(power), 16 * (names.length - power)];
  for (const [i, value] of fields.entries()) header.writeUInt16BE(value, 4 + 2 * i);
  let at = header.length;
  let sum = 0;
  for (const [i, name] of names.entries()) {
    const table = tables.get(name)!;
    header.write(name, 12 + 16 * i, "latin1");
    for (const [j, value] of [checksum(table), at, table.length].entries()) {
      header.writeUInt32BE(value, 16 + 16 * i + 4 * j);
    }
    at += padded(table).length;
    sum += checksum(table);
  }
  return (sum + checksum(header)) >>> 0;
}

function withoutChecksum(head: Buffer): Buffer {
  const copy = Buffer.from(head);
  copy.writeUInt32BE(0, CHECKSUM);
  return copy;
}

function checksum(table: Buffer): number {
  const whole = padded(table);
  let sum = 0;
  for (let at = 0; at < whole.length; at += 4) sum = (sum + whole.readUInt32BE(at)) >>> 0;
  return sum;
}

/** With zeros up to a multiple of four bytes. */
export function padded(data: Buffer): Buffer {
  return data.length % 4 === 0 ? data : Buffer.concat([data, Buffer.alloc(4 - (data.length % 4))]);
}
