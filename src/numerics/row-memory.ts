/*
 * Memory for rows that are yet to be read or put together: the kernels compute on what lies there without a copy.
 * Whoever fills it needs to know nothing else of the kernels.
 */
import { allocateBytes, borrowFloats } from "./kernels/memory/held-rows.js";

export { allocateBytes, borrowFloats };

/** As `allocateBytes`, `length` numbers. */
export function allocateFloats(length: number): Float64Array {
  const { buffer, byteOffset } = allocateBytes(length * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(buffer as ArrayBuffer, byteOffset, length);
}
