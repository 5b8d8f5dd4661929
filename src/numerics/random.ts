import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { log } from "./elementary.js";
import { hash128 } from "./hash128.js";

/** Uniform draws, one after the other. */
export interface Uniforms {
  /** A float in [0, 1), a multiple of 2^-53. */
  uniform(): number;
}

/** Independent draws that depend on nothing but the run's seed and the stream's name. */
export interface RandomStream extends Uniforms {
  /** A draw from N(0, 1). */
  normal(): number;
  /** An integer in 0..n-1, all equally likely. */
  integer(n: number): number;
  /** Permutes `items` in place (Fisher & Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
}

/**
 * Opens the random stream `name` of a run. Streams of different names are independent, so the order in which
 * clients, threads or rounds draw never changes what they draw.
 *
 * @param seed the run's `random-state`, an integer of at least 0
 * @param name what is drawn, by whom and when, e.g. "start/client/Biscoe"
 */
export function randomStream(seed: number, name: string): RandomStream {
  const generator = xoroshiro128plusFromState(stateOf(`${seed}/${name}`));
  const uniform = () => uniformFloat64(generator);
  let spare: number | undefined;

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // The polar method (Marsaglia & Bray 1964) needs no sine or cosine, whose bits depend on the host.
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  }

  const integer = (n: number) => Math.floor(uniform() * n);

  function shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }

  return { uniform, normal, integer, shuffle };
}

/** Draws that were drawn before. */
export interface Replay extends Uniforms {
  /** How many of them have not been drawn again. */
  left(): number;
}

/**
 * @param drawn what was drawn
 * @param then what to draw from after it; without it no more may be drawn
 * @example replay(Float64Array.of(0.25, 0.5)).uniform() // => 0.25
 */
export function replay(drawn: Float64Array, then?: Uniforms): Replay {
  let at = 0;
  return {
    uniform: () => (at < drawn.length ? drawn[at++] : then!.uniform()),
    left: () => drawn.length - at,
  };
}

/** Four 32-bit words of state from a text, not all of them 0. */
function stateOf(text: string): [number, number, number, number] {
  const words = hash128(Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  if (words.every((word) => word === 0)) words[0] = 1;
  return words;
}
