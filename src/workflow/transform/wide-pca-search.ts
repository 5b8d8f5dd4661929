import { RunError } from "../../errors.js";
import { LeadingEigenvectors } from "../../numerics/leading-eigenvectors.js";
import { combineMoments, type Moments } from "../../numerics/moments.js";
import { addScaled, dot } from "../../numerics/orthonormal.js";
import { describeComponents, type PrincipalComponents } from "../../numerics/principal-components.js";
import { randomStream } from "../../numerics/random.js";
import type { Products } from "./wide-pca.js";

/** What one client sent. */
export interface From<T> {
  readonly client: string;
  readonly sent: T;
}

/** The server's search for the components of all clients' points, sweep by sweep. */
export class WidePcaSearch {
  readonly #d: number;
  readonly #nComponents: number;
  readonly #seed: number;
  #clients: From<Moments>[] = [];
  /** Of those clients together. */
  #total!: Moments;
  #mean!: Float64Array;
  #search!: LeadingEigenvectors;

  /**
   * @param replies in client order
   * @param nComponents how many, at most the number of features
   * @param seed of the first directions
   * @throws RunError if no client sent its moments, or all points are equal
   */
  constructor(replies: readonly From<Moments>[], nComponents: number, seed: number) {
    this.#d = replies[0].sent.sums.length;
    this.#nComponents = nComponents;
    this.#seed = seed;
    this.#begin(replies.filter(({ sent }) => sent.nSamples > 0));
  }

  get isFound(): boolean {
    return this.#search.isFound;
  }

  /** The largest residual of a component, against its variance. */
  get residual(): number {
    return this.#search.residual;
  }

  /** (q, d) row-major: what to ask the clients about next. */
  directions(): Float64Array {
    return this.#search.directions();
  }

  /**
   * Combines replies, in client order. Components are those of all points of the same clients: where one of them is
   * missing, or counts other rows than before, the search goes on without it, from where it had come to.
   *
   * @param replies about `directions()`
   * @returns clients that are missing from now on
   * @throws RunError if none is left
   */
  take(replies: readonly From<Products>[]): string[] {
    const sent = new Map(replies.map((reply) => [reply.client, reply.sent]));
    const isThere = ({ client, sent: { nSamples } }: From<Moments>) =>
      sent.get(client)?.nSamples === nSamples;
    const missing = this.#clients.filter((one) => !isThere(one)).map(({ client }) => client);
    if (missing.length > 0) this.#begin(this.#clients.filter(isThere), this.#search);
    else this.#search.take(this.#add(this.#clients.map(({ client }) => sent.get(client)!.products)));
    return missing;
  }

  /** The components as they are known so far. */
  components(): PrincipalComponents {
    const { nSamples, centeredSquaredSums } = this.#total;
    const { values, vectors } = this.#search.found();
    const variances = values.map((value) => value / (nSamples - 1));
    const totalVariance = centeredSquaredSums.reduce((sum, value) => sum + value, 0) / (nSamples - 1);
    return describeComponents(this.#mean, vectors, variances, totalVariance);
  }

  #begin(clients: From<Moments>[], before: LeadingEigenvectors | null = null): void {
    if (clients.length === 0) {
      throw new RunError(
        "every client has fewer rows than its group size, or its privacy threshold, so none may send its covariance",
      );
    }
    const total = combineMoments(clients.map(({ sent }) => sent));
    if (total.centeredSquaredSums.every((sum) => sum === 0)) {
      throw new RunError("all rows are equal, so there is nothing to cluster");
    }
    this.#clients = clients;
    this.#total = total;
    this.#mean = total.sums.map((sum) => sum / total.nSamples);
    const random = randomStream(this.#seed, "pca/directions");
    this.#search = new LeadingEigenvectors(this.#d, this.#nComponents, total.nSamples - 1, random, before);
  }

  /**
   * The pooled scatter's products: those of each client's own, and of the clients' means about the pooled one.
   *
   * @see Chan, Golub & LeVeque 1983, eq. 2.1, for each pair of features
   */
  #add(parts: readonly Float64Array[]): Float64Array {
    const d = this.#d;
    const directions = this.#search.directions();
    const sum = new Float64Array(directions.length);
    for (const [i, part] of parts.entries()) {
      const { nSamples, sums } = this.#clients[i].sent;
      const offset = sums.map((value, f) => value / nSamples - this.#mean[f]);
      for (let at = 0; at < sum.length; at += d) {
        const product = sum.subarray(at, at + d);
        addScaled(product, 1, part.subarray(at, at + d));
        addScaled(product, nSamples * dot(offset, directions.subarray(at, at + d)), offset);
      }
    }
    return sum;
  }
}
