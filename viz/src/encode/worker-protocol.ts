/** To a worker: paint the picture of this index. */
export interface PaintRequest {
  readonly index: number;
}

/** From a worker, for each request: first the pixels, then that its files are written; or what went wrong. */
export type PaintReply =
  | { readonly kind: "pixels"; readonly index: number; readonly pixels: Uint8Array }
  | { readonly kind: "saved"; readonly index: number }
  | { readonly kind: "failed"; readonly message: string };
