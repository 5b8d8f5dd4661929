/** What a run under differential privacy says of its noise; null is what the directory does not say. */
export interface NoiseFacts {
  readonly epsilon: number | null;
  readonly delta: number | null;
}
