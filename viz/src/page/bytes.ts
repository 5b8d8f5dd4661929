/*
 * Numbers as bytes and back, the same in Node and in a browser.
 */

/** Bytes that grow as they are written. */
export interface ByteWriter {
  byte(value: number): void;
  /** A whole number from 0 to 2^53 - 1, in seven bits a byte, the lowest first: small ones take one byte. */
  varint(value: number): void;
  bytes(): Uint8Array;
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(1024);
  let length = 0;
  const byte = (value: number) => {
    if (length === buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(buffer);
      buffer = larger;
    }
    buffer[length++] = value;
  };
  return {
    byte,
    varint(value) {
      let rest = value;
      while (rest >= 128) {
        byte((rest % 128) | 128);
        rest = Math.floor(rest / 128);
      }
      byte(rest);
    },
    bytes: () => buffer.slice(0, length),
  };
}

export interface ByteReader {
  /** Of the byte that is read next. */
  position: number;
  byte(): number;
  varint(): number;
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const reader: ByteReader = {
    position: 0,
    byte: () => bytes[reader.position++],
    varint() {
      let value = 0;
      for (let unit = 1; ; unit *= 128) {
        const next = bytes[reader.position++];
        value += (next & 127) * unit;
        if (next < 128) return value;
      }
    },
  };
  return reader;
}

/**
 * The first byte of every number, then the second of every one, and so on: of neighbouring numbers the high bytes are
 * much the same, which gzip sees where they stand together.
 *
 * @param size bytes a number has
 */
export function toPlanes(numbers: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const n = numbers.length / size;
  const planes = new Uint8Array(numbers.length);
  for (let i = 0; i < n; i++) for (let b = 0; b < size; b++) planes[b * n + i] = numbers[i * size + b];
  return planes;
}

/** The numbers of planes. */
export function fromPlanes(planes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const n = planes.length / size;
  const numbers = new Uint8Array(planes.length);
  for (let i = 0; i < n; i++) for (let b = 0; b < size; b++) numbers[i * size + b] = planes[b * n + i];
  return numbers;
}

/** One after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
