/*
 * What other methods come to on the data of `privacy.mjs`, row by row the same: adjusted Rand index, mean and standard
 * deviation over twenty seeds, at delta 1e-6. All are in the central model, where one party sees all rows and adds noise
 * once. Measured with the authors' code and defaults in NumPy, on rows scaled by the same public bounds:
 *
 * - FastLloyd (Diaa, Humphries & Kerschbaum, USENIX Security 2025): independent noise in each round, where its code repeats
 *   that of a seed; the common delta in place of its own 1 / (n ln n)
 * - FedDP-KMeans (Scott, Lampert & Saulpic, ICML 2025): the server's own data are 100 points uniform in the box
 * - Google's LSH clustering (github.com/google/differential-privacy, learning/clustering)
 * - diffprivlib 0.6.6 (IBM): pure epsilon is what it claims; it passes over empty cells, so that the claim does not hold
 */

/** Of which the figures are, in order. */
export const EPSILONS = [0.1, 0.5, 1, 2, 4, 8];
/** Seeds that they are means over. */
export const RIVAL_RUNS = 20;

/** Mean±standard deviation at each epsilon, by data and method. */
const FIGURES = {
  penguins: {
    FastLloyd: "0.273±0.25 0.511±0.21 0.676±0.09 0.683±0.12 0.669±0.12 0.701±0.12",
    "FedDP-KMeans": "0.277±0.21 0.064±0.14 0.195±0.24 0.573±0.07 0.701±0.11 0.716±0.1",
    "Google LSH": "0.083±0.21 0.231±0.29 0.396±0.28 0.561±0.11 0.542±0.11 0.578±0.2",
    diffprivlib: "0.245±0.2 0.325±0.24 0.469±0.25 0.513±0.2 0.624±0.06 0.643±0.11",
  },
  "blobs 2k": {
    FastLloyd: "0.591±0.16 0.729±0.12 0.722±0.15 0.728±0.15 0.834±0.13 0.837±0.14",
    "FedDP-KMeans": "0.384±0.16 0.783±0.15 0.895±0.12 0.949±0.09 0.931±0.11 0.929±0.12",
    "Google LSH": "0.266±0.21 0.69±0.15 0.739±0.13 0.779±0.13 0.824±0.13 0.868±0.13",
    diffprivlib: "0.414±0.16 0.595±0.15 0.724±0.1 0.745±0.13 0.748±0.16 0.767±0.15",
  },
  "blobs 20k": {
    FastLloyd: "0.737±0.13 0.815±0.13 0.852±0.14 0.857±0.15 0.79±0.16 0.812±0.16",
    "FedDP-KMeans": "0.904±0.11 0.897±0.13 0.883±0.13 0.894±0.13 0.893±0.13 0.893±0.13",
    "Google LSH": "0.734±0.16 0.881±0.11 0.878±0.11 0.93±0.1 0.953±0.09 0.944±0.09",
    diffprivlib: "0.692±0.13 0.787±0.13 0.81±0.13 0.849±0.12 0.827±0.12 0.806±0.14",
  },
  grid: {
    FastLloyd: "0.731±0.06 0.851±0.05 0.858±0.07 0.854±0.07 0.855±0.07 0.857±0.07",
    "FedDP-KMeans": "0.596±0.05 0.839±0.05 0.951±0.04 0.927±0.06 0.938±0.06 0.933±0.05",
    "Google LSH": "0.464±0.06 0.579±0.07 0.621±0.05 0.701±0.05 0.751±0.05 0.773±0.07",
    diffprivlib: "0.602±0.04 0.707±0.05 0.802±0.05 0.836±0.05 0.87±0.04 0.901±0.05",
  },
  "paper 1": {
    FastLloyd: "0.493±0.06 0.558±0.06 0.649±0.05 0.741±0.06 0.75±0.05 0.843±0.06",
    "FedDP-KMeans": "0.291±0.09 0.361±0.07 0.446±0.05 0.518±0.05 0.587±0.03 0.776±0.05",
    "Google LSH": "0.164±0.15 0.309±0.12 0.38±0.06 0.442±0.08 0.512±0.05 0.506±0.06",
    diffprivlib: "0.504±0.04 0.506±0.05 0.526±0.05 0.549±0.03 0.599±0.07 0.71±0.05",
  },
  "paper 1.5": {
    FastLloyd: "0.39±0.03 0.421±0.03 0.475±0.03 0.517±0.04 0.532±0.04 0.597±0.04",
    "FedDP-KMeans": "0.255±0.06 0.292±0.04 0.351±0.04 0.41±0.02 0.467±0.03 0.533±0.03",
    "Google LSH": "0.141±0.13 0.274±0.1 0.322±0.04 0.367±0.05 0.413±0.04 0.414±0.03",
    diffprivlib: "0.406±0.04 0.387±0.05 0.415±0.03 0.429±0.04 0.465±0.03 0.513±0.03",
  },
  "paper 10": {
    FastLloyd: "0.463±0.04 0.609±0.05 0.626±0.05 0.73±0.04 0.735±0.04 0.734±0.04",
    "FedDP-KMeans": "0.309±0.04 0.454±0.05 0.53±0.03 0.644±0.03 0.697±0.05 0.693±0.05",
    "Google LSH": "0.28±0.12 0.417±0.04 0.456±0.04 0.459±0.05 0.485±0.04 0.524±0.04",
    diffprivlib: "0.437±0.04 0.478±0.04 0.529±0.03 0.582±0.04 0.622±0.05 0.671±0.04",
  },
  digits: {
    FastLloyd: "0.088±0.05 0.336±0.05 0.415±0.05 0.447±0.05 0.451±0.05 0.458±0.05",
    "FedDP-KMeans": "0.022±0.03 0.08±0.05 0.194±0.05 0.333±0.06 0.441±0.05 0.492±0.03",
    "Google LSH": "0.093±0.07 0.261±0.06 0.355±0.07 0.421±0.05 0.436±0.06 0.466±0.06",
    diffprivlib: "0.151±0.06 0.107±0.05 0.165±0.06 0.287±0.06 0.392±0.04 0.449±0.05",
  },
};

/** The methods, in the order of tables. */
export const METHODS = ["FastLloyd", "FedDP-KMeans", "Google LSH", "diffprivlib"];

/**
 * @param {string} data of `FIGURES`
 * @param {string} method one of `METHODS`
 * @returns {{ mean: number, error: number }[]} at each epsilon, with the standard error of the mean
 */
export function rivalFigures(data, method) {
  return FIGURES[data][method].split(" ").map((text) => {
    const [mean, deviation] = text.split("±").map(Number);
    return { mean, error: deviation / Math.sqrt(RIVAL_RUNS) };
  });
}
