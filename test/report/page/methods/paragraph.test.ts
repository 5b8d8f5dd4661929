import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { readFacts } from "#src/report/page/facts.js";
import { methodsParagraph } from "#src/report/page/methods/paragraph.js";
import { methods } from "#src/report/page/sections/methods.js";
import { ALGORITHM_NAMES } from "#src/workflow/clustering/algorithms.js";
import { deployPenguins } from "../../../support/deployment.js";
import { deployPrivatePenguins, privatePenguinRun } from "../../../support/private-penguins.js";
import { penguinRun, wordsOf } from "../../../support/report.js";
import { temporaryFolder } from "../../../support/temporary.js";

async function paragraphOf(context: TestContext, more: object = {}): Promise<string> {
  return methodsParagraph(readFacts(await penguinRun(context, more))).text;
}

/** Settings, what the paragraph says of them, and what it must not. */
const SAID: readonly (readonly [settings: object, says: readonly RegExp[], saysNot: readonly RegExp[]])[] = [
  [
    {},
    [
      /^The rows of 3 clients \(342 rows of 4 features in all\) were clustered into k = 3 clusters with fedkmeans \d/,
      /in a simulation of the federation on one machine/,
      /means of groups of at least 5 similar rows, .* divided by its standard deviation .*\(microaggregation; Domingo-Ferrer & Mateo-Sanz, 2002\)/,
      /Features were standardized/,
      /federated k-means \(FKM; Garst & Reinders, 2023, Algorithm 1\)/,
      /weighted by their numbers of rows, the best of 10 starts, and each client made 1 iteration of k-means \(Lloyd, 1982\)/,
      /less those that got none of its rows/,
      /3 local clusters of its own data from k-means\+\+ \(Arthur & Vassilvitskii, 2007\)/,
      /The run converged after \d+ rounds? \(Frobenius norm of the change of the means at most 0\.0001\)/,
      /seed 42/,
      /adjusted Rand index against species \(Hubert & Arabie, 1985\)/,
      /the silhouette \(Rousseeuw, 1987\)/,
      /Labels were used for this evaluation only/,
    ],
    [/For comparison/, /missed/, /principal component/, /withheld/],
  ],
  [
    {
      localIterations: 3,
      dropEmpty: false,
      weighted: false,
      kLocal: 5,
      restarts: 2,
      randomState: 7,
      groupScale: "range",
      normalize: false,
      labelColumn: "none",
      dropColumns: ["species"],
      maxIterations: 1,
      tolerance: 0,
    },
    [
      /divided by its range/,
      /Features were not standardized/,
      /each with the same weight, the best of 2 starts, and each client made 3 iterations/,
      /those that got none of its rows among them/,
      /5 local clusters/,
      /ended at its limit after 1 round without having converged/,
      /seed 7/,
      /Reported are the silhouette/,
    ],
    [/Rand/, /Labels were used/],
  ],
  [
    { privacy: "threshold", privacyThreshold: 3, start: "random", pcaComponents: 2, twin: true },
    [
      /withheld means and sums of fewer than 3 rows/,
      /first 2 principal components of the federation \(\d+\.\d % of the variance\)/,
      /The server drew 3 starting means at random from a normal distribution/,
      /For comparison the pooled rows were clustered by k-means .* from the best of 10 k-means\+\+ starts/,
    ],
    [/microaggregation/, /and the pooled groups/],
  ],
  [
    { privacy: "threshold", privacyThreshold: 1, asPublished: true },
    [
      /as its authors' program runs it/,
      /Rows were counted again after the iterations, and the server's draws were not weighted/,
      /started from single rows drawn by k-means\+\+/,
      /withheld nothing/,
    ],
    [],
  ],
  [
    { algorithm: "lloyd", groupSize: 1 },
    [/computed from its rows as they are/, /exact federated iterations of k-means \(Lloyd, 1982\)/],
    [/FKM/, /of the rows, as a simulation allows/],
  ],
  [
    { algorithm: "best-lloyd", restarts: 4 },
    [
      /summarized their data once .* up to 12 local means, and the server made 4 starts/,
      /successive halving; Jamieson & Talwalkar, 2016/,
    ],
    [/FKM/],
  ],
  [
    { algorithm: "k-fed", kLocal: 4 },
    [
      /k-FED \(Dennis, Li & Smith, 2021\): .* once into at most 4 local clusters, .* into 3 clusters in a single exchange/,
    ],
    [/converged/, /FKM/],
  ],
];

for (const [settings, says, saysNot] of SAID) {
  test(`the paragraph says what was done with ${JSON.stringify(settings)}`, async (context) => {
    const text = await paragraphOf(context, settings);
    for (const pattern of says) assert.match(text, pattern);
    for (const pattern of saysNot) assert.doesNotMatch(text, pattern);
    assert.doesNotMatch(text, /null|undefined|NaN|\[object| {2}|\.\./);
  });
}

test("stability is told with its resamples, and cited", async (context) => {
  const facts = readFacts(await penguinRun(context, { stability: 3 }));
  const { text, cites } = methodsParagraph(facts);
  assert.match(
    text,
    /over 3 bootstrap resamples of the groups of rows, of its Jaccard similarity .*\(Hennig, 2007\)/,
  );
  assert.ok(cites.includes("hennig2007"));
});

test("every algorithm has its sentence", () => {
  const told = SAID.map(([settings]) => (settings as { algorithm?: string }).algorithm ?? "fkm");
  // Whose settings need a file of bounds: below.
  assert.deepEqual([...new Set([...told, "dp-lloyd"])].sort(), [...ALGORITHM_NAMES].sort());
});

test("under differential privacy it says what was spent, by which account, and that the seed is not the noise's", async (context) => {
  const facts = readFacts(await privatePenguinRun(context));
  const { text, cites } = methodsParagraph(facts);
  for (const said of [
    /are \(ε = 4, δ = 1e-6\)-differentially private \(Dwork & Roth, 2014\) for the addition or removal of one row/,
    /scaled to \[-1, 1\] by public bounds, and rows clipped to them; the number of rows was declared \(340\)/,
    /discrete Gaussian noise \(Canonne, Kamath & Steinke, 2020\) from the operating system's generator/,
    /with μ = 0\.8379, .* \(Balle & Wang, 2018\)/,
    /All 6 planned rounds were made after the start\./,
    /seed 42; the noise does from none/,
    /of the rows and without noise, as a simulation allows/,
  ]) {
    assert.match(text, said);
  }
  assert.doesNotMatch(text, /converged|standardized|null|undefined|NaN/);
  assert.ok(cites.includes("dong2022"));
});

test("of clients elsewhere under differential privacy only what was declared is told of rows", async (context) => {
  const { directory } = await deployPrivatePenguins(context);
  const { text } = methodsParagraph(readFacts(directory));
  assert.match(text, /\(4 features; 340 rows in all, as declared\)/);
  assert.doesNotMatch(text, /Reported are|342/);
});

test("a given start is named by its file, and groups of different sizes are each told", async (context) => {
  const start = join(temporaryFolder(context), "centroids.npy");
  const data = Float64Array.of(39, 18, 190, 3700, 47, 15, 217, 5000, 49, 18, 196, 3800);
  writeFileSync(start, writeNpy({ data, shape: [3, 4] }));
  assert.match(await paragraphOf(context, { start }), /starting means were given \(centroids\.npy\)/);
});

test("of clients elsewhere it says so, and nothing of their rows", async (context) => {
  const { directory } = await deployPenguins(context);
  const { text } = methodsParagraph(readFacts(directory));
  assert.match(text, /each on its own machine/);
  assert.match(text, /of the groups of rows/);
  assert.doesNotMatch(text, /simulation|standard deviation at the client/);
});

test("entries are those of what is cited, and of the program", async (context) => {
  const words = wordsOf(methods(readFacts(await penguinRun(context, { algorithm: "k-fed", groupSize: 1 }))));
  const keys = [...words.matchAll(/^@\w+\{(\w+),$/gm)].map(([, key]) => key);
  assert.deepEqual(keys, [
    "dennis2021",
    "hubert1985",
    "vinh2010",
    "rousseeuw1987",
    "davies1979",
    "calinski1974",
    "fedkmeans",
  ]);
  assert.match(words, /\(CC0\)/);
  assert.match(words, /version = \{\d+\.\d+\.\d+\}/);
});
