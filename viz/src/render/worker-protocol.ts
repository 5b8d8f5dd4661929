/**
 * To a worker: paint the picture of this index; null: end. A thread is asked to end and never terminated, since
 * canvas brings the process down when it is stopped within a call.
 */
export interface PaintRequest {
  readonly index: number | null;
}

/** From a worker, for each request: first the pixels, then that its files are written; or what went wrong. */
export type PaintReply =
  | { readonly kind: "pixels"; readonly index: number; readonly pixels: Uint8Array }
  | { readonly kind: "saved"; readonly index: number }
  | { readonly kind: "failed"; readonly message: string };
