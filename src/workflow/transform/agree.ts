import type { Moments } from "../../numerics/moments.js";
import type { PrincipalComponents } from "../../numerics/principal-components.js";
import type { Scatter } from "../../numerics/scatter.js";
import type { Standardization, Transform } from "../../numerics/transform.js";
import type { Ask, Dropped, Gathered } from "../exchange.js";
import { farClients, type Told } from "../far-clients.js";
import { type Notice, serverNotice } from "../notice.js";
import { combineNormalization, momentsRequest, type Normalization, readMoments } from "./normalization.js";
import { combinePca, readScatter, scatterRequest } from "./pca.js";
import { normalizedScatter, readToldScatter, type ToldScatter } from "./told-scatter.js";
import { checkProducts, productsRequest, readProducts, wideMomentsRequest } from "./wide-pca.js";
import { WidePcaSearch } from "./wide-pca-search.js";

/**
 * Features up to which clients send their scatter matrix. Of more, the search for components by its products takes
 * less time and fewer numbers.
 */
const MOST_SCATTERED = 400;
/** Exchanges that the search may take. */
const MOST_SWEEPS = 100;

/** What the server decides of the transform. */
export interface TransformOptions {
  readonly normalize: boolean;
  /** Find two principal components for viewing, where there are more features than two. */
  readonly pca: boolean;
  /** Cluster in this many principal components; null clusters in the features. */
  readonly pcaComponents: number | null;
  readonly privacyThreshold: number;
  readonly randomState: number;
}

/** How the components of many features were searched for. */
export interface Sweeps {
  /** Exchanges with the clients. */
  count: number;
  /** Whether the search came to an end; otherwise it was given up. */
  isFound: boolean;
  /** The largest residual of a component, against its variance. */
  residual: number;
}

/** What is told while the federation agrees on a transform. */
export type TransformEvent =
  | { type: "normalization"; normalization: Normalization; dropped: Dropped[] }
  | {
      type: "pca";
      pca: PrincipalComponents;
      /** How many of them the run clusters in; null where it clusters in the features and they are for pictures. */
      clusteredIn: number | null;
      /** How they were searched for; null where they are those of the scatter matrix itself. */
      sweeps: Sweeps | null;
      dropped: Dropped[];
    }
  | { type: "notice"; notice: Notice };

/** How points become those that are clustered, as the clients of a federation agree on it. */
export interface AgreedTransform {
  readonly transform: Transform;
  /** (p,) standard deviation of each feature clustered in; 0 of one that is constant, and where it is not known. */
  readonly scale: Float64Array;
  /** Whether the clients whose rows lie far from those of others have been named: clients have told of their rows. */
  readonly farClientsNamed: boolean;
}

/**
 * Normalization and principal components, exchange by exchange; yields what comes of them. Clients whose rows lie far
 * from those of others are named as soon as they have told of them, as what follows may fail for them.
 *
 * @param d number of features
 * @param featureNames null where there are none
 * @param ask exchanges a request with every client
 */
export async function* agreeOnTransform(
  options: TransformOptions,
  d: number,
  featureNames: readonly string[] | null,
  ask: Ask,
): AsyncGenerator<TransformEvent, AgreedTransform> {
  const { normalize, privacyThreshold, pcaComponents } = options;
  const wantsComponents = pcaComponents !== null || (d > 2 && options.pca);
  const nComponents = Math.min(d, Math.max(2, pcaComponents ?? 0));
  const isScattered = d <= MOST_SCATTERED;
  const noticesOf = (told: readonly Told[]) =>
    farClients(told, featureNames).map((notice) => ({ type: "notice" as const, notice }));
  let normalization: Standardization | null = null;
  let found: Found | null = null;
  if (normalize) {
    const withScatter = wantsComponents && isScattered;
    const request = momentsRequest(privacyThreshold, withScatter);
    const answers = await ask("normalization", request, (reply, { nSamples }) => ({
      moments: readMoments(reply, d, nSamples),
      scatter: withScatter ? readToldScatter(reply, d) : null,
    }));
    const told = answers.clients.map((client, i) => ({ client, ...answers.values[i] }));
    const combined = combineNormalization(told.map(({ moments }) => moments));
    normalization = { mean: combined.mean, scale: combined.std };
    yield { type: "normalization", normalization: combined, dropped: answers.dropped };
    yield* noticesOf(told);
    if (withScatter) found = findByTold(normalization, told, answers.dropped, nComponents);
  }
  const scale = Float64Array.from(normalization?.scale ?? [], (std) => (std > 0 ? 1 : 0));
  if (!wantsComponents) {
    return { transform: { normalization, projection: null }, scale, farClientsNamed: normalize };
  }
  found ??= isScattered
    ? await findByScatter(d, nComponents, privacyThreshold, ask)
    : await findByProducts(normalization, d, nComponents, options, ask);
  const { told, pca, sweeps, dropped } = found;
  yield { type: "pca", pca, clusteredIn: pcaComponents, sweeps, dropped };
  if (!normalize) yield* noticesOf(told);
  if (sweeps?.isFound === false) yield { type: "notice", notice: givenUp(sweeps) };
  if (pcaComponents === null) {
    return { transform: { normalization, projection: null }, scale, farClientsNamed: true };
  }
  const { mean, components, explainedVariance } = pca;
  return {
    transform: { normalization, projection: { mean, components: components.subarray(0, pcaComponents * d) } },
    scale: explainedVariance.subarray(0, pcaComponents).map(Math.sqrt),
    farClientsNamed: true,
  };
}

interface Found {
  pca: PrincipalComponents;
  /** null where the components are of the scatter matrix itself. */
  sweeps: Sweeps | null;
  /** Clients that the components are without. */
  dropped: Dropped[];
  told: readonly Told[];
}

/** By the scatters that came with the moments. */
function findByTold(
  normalization: Standardization,
  told: readonly (Told & { scatter: ToldScatter | null })[],
  absent: readonly Dropped[],
  nComponents: number,
): Found {
  const scatters: Scatter[] = [];
  const dropped = [...absent];
  for (const { client, moments, scatter } of told) {
    const normalized = normalizedScatter(normalization, moments, scatter!);
    if (normalized !== null) scatters.push(normalized);
    else dropped.push({ client, reason: "its scatter is absurd for the standard deviations of all clients" });
  }
  return { pca: combinePca(scatters, nComponents), sweeps: null, dropped, told };
}

async function findByScatter(
  d: number,
  nComponents: number,
  privacyThreshold: number,
  ask: Ask,
): Promise<Found> {
  const request = scatterRequest(privacyThreshold);
  const { clients, values, dropped } = await ask("PCA", request, (reply, { nSamples }) =>
    readScatter(reply, d, nSamples),
  );
  const told = clients.map((client, i) => ({ client, moments: momentsOfScatter(values[i]) }));
  return { pca: combinePca(values, nComponents), sweeps: null, dropped, told };
}

/** The moments that a scatter tells of, its diagonal being the squares. */
function momentsOfScatter({ nSamples, mean, upper }: Scatter): Moments {
  const d = mean.length;
  const centeredSquaredSums = new Float64Array(d);
  for (let f = 0, t = 0; f < d; t += d - f, f++) centeredSquaredSums[f] = upper[t];
  return { nSamples, sums: mean.map((value) => value * nSamples), centeredSquaredSums };
}

async function findByProducts(
  normalization: Standardization | null,
  d: number,
  nComponents: number,
  { privacyThreshold, randomState }: TransformOptions,
  ask: Ask,
): Promise<Found> {
  const request = wideMomentsRequest(normalization, privacyThreshold);
  const moments = await ask("PCA", request, (reply, { nSamples }) => readMoments(reply, d, nSamples));
  const momentsOf = new Map(moments.clients.map((client, i) => [client, moments.values[i]]));
  const dropped = [...moments.dropped];
  const search = new WidePcaSearch(byClient(moments), nComponents, randomState);
  let sweep = 0;
  while (!search.isFound && sweep < MOST_SWEEPS) {
    sweep += 1;
    const directions = search.directions();
    const request = productsRequest(normalization, directions, d, privacyThreshold);
    const products = await ask(`sweep ${sweep} of PCA`, request, (reply, { name, nSamples }) => {
      const read = readProducts(reply, directions.length / d, d);
      checkProducts(reply, read, directions, nSamples, momentsOf.get(name) ?? null);
      return read;
    });
    for (const client of search.take(byClient(products))) {
      const reason = products.dropped.find((one) => one.client === client)?.reason;
      dropped.push({ client, reason: reason ?? "it counted other rows than before" });
    }
  }
  const { residual, isFound } = search;
  const told = moments.clients.map((client, i) => ({ client, moments: moments.values[i] }));
  return { pca: search.components(), sweeps: { count: sweep, isFound, residual }, dropped, told };
}

function givenUp({ count, residual }: Sweeps): Notice {
  const text =
    `the principal components are not exact: after ${count} sweeps one has a residual of ` +
    `${residual.toExponential(1)} of its variance`;
  return serverNotice(text);
}

function byClient<T>({ clients, values }: Gathered<T>): { client: string; sent: T }[] {
  return clients.map((client, i) => ({ client, sent: values[i] }));
}
