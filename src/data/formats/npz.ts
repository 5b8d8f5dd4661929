import { ZipFile as ZipWriter } from "yazl";
import { type TypedArray, writeNpy } from "../../directory/npy.js";
import { RunError } from "../../errors.js";

/** What one member of an archive that we write may take: yazl's own limit. */
const MAX_WRITTEN_MEMBER_BYTES = 2 ** 30 - 1;

/**
 * The bytes of an archive that numpy.load reads, as numpy.savez writes it. Nothing is compressed: Node and Deno
 * ship different zlibs, whose bytes differ, and random reals hardly shrink. The same arrays give the same bytes
 * on every host, in every time zone.
 *
 * @param arrays by name, each of at most 1 GiB
 * @throws RunError if an array is larger, or its shape does not fit its data
 */
export async function writeNpz(
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: TypedArray }>>,
): Promise<Uint8Array> {
  const archive = new ZipWriter();
  // A zip holds local time, so this local time is the same bytes everywhere.
  const options = { compress: false, mtime: new Date(1980, 0, 1, 12), forceDosTimestamp: true };
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = writeNpy(array);
    if (bytes.length > MAX_WRITTEN_MEMBER_BYTES) {
      throw new RunError(
        `writing .npz: array "${name}": at most 1 GiB expected, found ${bytes.length} bytes`,
      );
    }
    archive.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), `${name}.npy`, options);
  }
  archive.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
