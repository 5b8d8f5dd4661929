/*
 * What the messages of a run are about, and what is in the replies, in the words of whoever has to answer for the rows.
 */

/** What requests of these kinds are for. */
export interface Phase {
  readonly name: string;
  readonly requests: readonly string[];
}

/** In the order of a run. */
export const PHASES: readonly Phase[] = [
  { name: "handshake", requests: ["handshake"] },
  { name: "normalization", requests: ["normalization/moments"] },
  { name: "principal components", requests: ["pca/scatter", "pca/moments", "pca/products"] },
  {
    name: "start",
    requests: ["clustering/start", "clustering/summary", "clustering/starts", "clustering/k-fed"],
  },
  { name: "sums with noise, of start and rounds", requests: ["clustering/private_sums"] },
  { name: "rounds", requests: ["clustering/update"] },
  { name: "evaluation", requests: ["evaluation/fit", "evaluation/dispersion"] },
];

/** By field of a reply: what it holds. Of groups, where they stand for the rows, each counts as its rows. */
export const FIELDS: Readonly<Record<string, string>> = {
  protocol: "version of the messages",
  name: "the client's name",
  n_samples: "number of its rows",
  n_features: "number of its features",
  feature_names: "names of its features",
  has_labels: "whether it has labels that it shares",
  label_column: "name of their column",
  protection: "what it holds to: groups, threshold or dp",
  group_size: "least number of rows in a group",
  privacy_threshold: "its threshold",
  n_points: "number of its groups, or of rows where it computes from those",
  least_weight: "rows of its smallest group",
  greatest_weight: "rows of its largest group",
  sums: "sum of each feature: over all rows, or over those of each cluster",
  centered_squared_sums: "sum of squares of each feature about the client's own mean",
  mean: "mean of each feature over all rows",
  mean_remainders: "digits of the means for which the sums have no room",
  scatter_upper: "how features vary together (upper triangle of the scatter matrix)",
  products: "the scatter matrix times directions that the server chose",
  inertia: "one total: squared distances of all rows to the nearest mean",
  inertias: "the same total under each set of means",
  values: "mean of each local cluster (fkm, k-fed, summaries) or sum of each global one (lloyd)",
  counts: "number of rows of each cluster, withheld ones too",
  sent: "whether each cluster was sent or withheld",
  origins: "which global mean each local cluster began as",
  simplified_silhouette_sum: "one total: the simplified silhouettes of all rows",
  classes: "names of the classes, where labels are shared",
  contingency: "rows of each class in each cluster, where labels are shared",
  distance_sums: "total of distances to the mean of each cluster",
  squared_distance_sums: "total of squared distances to the mean of each cluster",
};

/** The same of fields that hold something else under differential privacy. */
export const PRIVATE_FIELDS: Readonly<Record<string, string>> = {
  ...FIELDS,
  has_labels: "no: labels never leave",
  label_column: "nothing",
  group_size: "1: there are no groups",
  privacy_threshold: "1: nothing is withheld",
  epsilon: "the most that it lets a run spend",
  delta: "at which that is meant",
  declared_rows: "rows of the federation, as declared to it",
  low: "public lower bound of each feature",
  high: "public upper bound of each feature",
  counts: "rows nearest to each centre, with noise",
  sums: "sum of these rows' differences from the centre, clipped to its radius, with noise",
  spread: "one sum of all rows' squared differences, in radii, with noise",
  count_sigma: "standard deviation of the noise of a count, which follows from the question",
  sum_sigmas: "that of the noise of each sum, which follows from the question",
  spread_sigma: "that of the noise of the spread, which follows from the question",
};
