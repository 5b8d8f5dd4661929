import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import { Orthonormal } from "#src/numerics/orthonormal.js";
import type { PrincipalComponents } from "#src/numerics/principal-components.js";
import { randomStream } from "#src/numerics/random.js";
import { floats, type Message } from "#src/workflow/message.js";
import {
  answerProducts,
  answerWideMoments,
  productsRequest,
  wideMomentsRequest,
} from "#src/workflow/transform/wide-pca.js";
import { cut, localClient, overheard } from "../../support/clients.js";
import { eventsOf, serveInline } from "../../support/federation.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";

/** More features than clients send a scatter matrix of. */
const D = 410;

/** (n, D) rows, the singular values of which are given; about a mean of their own. */
function rowsOfSpectrum(name: string, n: number, values: readonly number[]): number[][] {
  const random = randomStream(1, name);
  const orthonormal = (size: number, constant: boolean) => {
    const basis = new Orthonormal(size, values.length + 1);
    if (constant) basis.add(new Float64Array(size).fill(1), 0);
    while (basis.size <= values.length) {
      basis.add(
        Float64Array.from({ length: size }, () => random.normal()),
        0,
      );
    }
    return basis;
  };
  // Orthogonal to a column of ones: to take the mean away changes nothing.
  const left = orthonormal(n, true);
  const right = orthonormal(D, false);
  const mean = Float64Array.from({ length: D }, () => 10 * random.normal());
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: D }, (_, f) =>
      values.reduce((sum, value, c) => sum + left.at(c + 1)[i] * value * right.at(c)[f], mean[f]),
    ),
  );
}

const geometric = (count: number, ratio: number) => Array.from({ length: count }, (_, i) => 10 * ratio ** i);

interface Problem {
  name: string;
  rows: number[][];
  sizes: number[];
  normalize: boolean;
  pcaComponents: number | null;
  threshold: number;
}

const plain = { normalize: false, pcaComponents: null, threshold: 1 };
const PROBLEMS: Problem[] = [
  {
    ...plain,
    name: "eigenvalues that fall off",
    sizes: [40, 20],
    rows: rowsOfSpectrum("a", 60, geometric(50, 0.8)),
  },
  {
    ...plain,
    name: "a slow spectrum, more rows than features, very uneven clients",
    sizes: [1, 431, 2, 36],
    normalize: true,
    rows: rowsOf(gaussianClusters("slow", 470, D, 2, 0.1), D),
  },
  {
    ...plain,
    name: "two equal eigenvalues kept",
    sizes: [30, 30],
    rows: rowsOfSpectrum("b", 60, [9, 9, 5, 4, 3, 2, 1]),
  },
  {
    ...plain,
    name: "twenty equal eigenvalues",
    sizes: [30, 30],
    rows: rowsOfSpectrum("c", 60, [9, ...new Array<number>(20).fill(6), 1]),
  },
  {
    ...plain,
    name: "rank 3, six components",
    sizes: [25, 25],
    pcaComponents: 6,
    rows: rowsOfSpectrum("d", 50, [7, 5, 1e-2]),
  },
  {
    ...plain,
    name: "more components than rows, of which three are left out",
    sizes: [4, 3, 5],
    pcaComponents: 20,
    threshold: 4,
    rows: rowsOf(gaussianClusters("few", 12, D, 2), D),
  },
  {
    ...plain,
    name: "equal and constant columns",
    sizes: [30, 40],
    normalize: true,
    pcaComponents: 3,
    rows: rowsOf(gaussianClusters("twins", 70, D, 4, 1), D).map((row) =>
      row.map((value, f) => (f % 5 === 0 ? 0.1 : f % 5 < 3 ? row[f - (f % 5) + 1] : value)),
    ),
  },
];

interface Expected {
  mean: number[];
  /** Of all directions that there are. */
  variance: number[];
  components: number[][];
}

const clientsOf = ({ rows, sizes, threshold }: Problem) =>
  cut(rows, sizes).map((part, i) => localClient(`${i}`, part, { threshold }));

async function pcaOf(
  clients: readonly Client[],
  { normalize, pcaComponents }: Pick<Problem, "normalize" | "pcaComponents">,
) {
  const events = await serveInline(clients, {
    normalize,
    pcaComponents,
    k: 1,
    start: "k-means++",
    maxIterations: 0,
  });
  return eventsOf(events, "pca")[0];
}

/** The sine of the largest angle between the span of components and that of as many of NumPy's. */
function sineBetween(pca: PrincipalComponents, theirs: number[][]): number {
  const kept = new Orthonormal(D, pca.nComponents);
  for (const vector of theirs.slice(0, pca.nComponents)) kept.add(Float64Array.from(vector), 0);
  let most = 0;
  for (let c = 0; c < pca.nComponents; c++) {
    const left = pca.components.slice(c * D, (c + 1) * D);
    for (let i = 0; i < kept.size; i++) {
      const along = left.reduce((sum, value, f) => sum + value * kept.at(i)[f], 0);
      for (let f = 0; f < D; f++) left[f] -= along * kept.at(i)[f];
    }
    most += left.reduce((sum, value) => sum + value * value, 0);
  }
  return Math.sqrt(most);
}

test("components of many features are those of NumPy's full decomposition, on any spectrum", {
  skip: skipWithoutPython,
}, async () => {
  const expected = askPython<Expected[]>(
    `
def pooled(case):
    parts = np.split(np.array(case["rows"]), np.cumsum(case["sizes"])[:-1])
    X = np.concatenate([part for part in parts if len(part) >= case["threshold"]])
    if case["normalize"]:
        std = X.std(0)
        constant = std <= 1e-12
        X = np.where(constant, 0, (X - X.mean(0)) / np.where(constant, 1, std))
    mean = X.mean(0)
    values, components = np.linalg.svd(X - mean, full_matrices=False)[1:]
    return {"mean": mean, "variance": values**2 / (len(X) - 1), "components": components[:24]}
answer([pooled(case) for case in cases])
`,
    PROBLEMS,
  );
  let nCompared = 0;
  for (const [i, problem] of PROBLEMS.entries()) {
    const { name } = problem;
    const { pca, sweeps } = await pcaOf(clientsOf(problem), problem);
    const { variance, components, mean } = expected[i];
    assert.ok(sweeps?.isFound, name);
    const kept = problem.pcaComponents ?? 2;
    assert.equal(pca.nComponents, kept, name);
    const total = variance.reduce((sum, value) => sum + value, 0);
    const theirs = Array.from({ length: kept }, (_, c) => variance[c] ?? 0);
    assertClose(pca.mean, mean, 1e-10, `${name}: mean`);
    for (const [c, value] of theirs.entries()) {
      const found = [pca.explainedVariance[c], pca.explainedVarianceRatio[c]];
      const tolerance = 1e-9 * value + 1e-12 * total;
      assert.ok(
        Math.abs(found[0] - value) <= tolerance,
        `${name}: variance ${c}, ${value}, found ${found[0]}`,
      );
      assert.ok(Math.abs(found[1] - value / total) <= 1e-9, `${name}: ratio ${c}`);
    }
    const products = rowsOf(pca.components, D).flatMap((a, p, all) =>
      all.map((b, q) => a.reduce((sum, value, f) => sum + value * b[f], p === q ? -1 : 0)),
    );
    assertClose(products, new Float64Array(kept * kept), 1e-12, `${name}: orthonormal`);
    for (const row of rowsOf(pca.components, D)) assert.ok(Math.max(...row) >= -Math.min(...row), name);
    const next = variance[kept] ?? 0;
    if (theirs[kept - 1] <= 1e-12 * total || next >= 0.9 * theirs[kept - 1]) continue;
    nCompared += 1;
    assert.ok(sineBetween(pca, components) < 1e-7, `${name}: angle ${sineBetween(pca, components)}`);
  }
  assert.ok(nCompared >= 3);
});

/** A client that fails as soon as it is asked for products for the `nth` time. */
function failing(client: LocalClient, nth: number): Client {
  let asked = 0;
  return {
    name: client.name,
    answer(request) {
      if (request.kind === "pca/products" && ++asked >= nth) throw new Error("lost");
      return client.answer(request);
    },
  };
}

test("a client lost in the middle of the search is left out of the components, and named once", async () => {
  const rows = rowsOf(gaussianClusters("lost", 90, D, 3, 1), D);
  const clients = () => cut(rows, [30, 40, 20]).map((part, i) => localClient(`${i}`, part));
  const settings = { normalize: false, pcaComponents: 3 };
  const [first, second, third] = clients();
  const without = await pcaOf([first, third], settings);
  for (const nth of [1, 4]) {
    const found = await pcaOf([first, failing(second, nth), third], settings);
    assert.deepEqual(found.dropped, [{ client: "1", reason: "lost" }]);
    assert.ok(found.sweeps?.isFound);
    assertClose(found.pca.mean, without.pca.mean, 1e-12, "mean");
    assertClose(found.pca.explainedVariance, without.pca.explainedVariance, 1e-9, "variance");
    assertClose(found.pca.components, without.pca.components, 1e-6, "components");
  }
  // A client that counts other rows than before, or answers what no rows can, is left out as well.
  const answers: [(reply: Message) => Message, RegExp][] = [
    [(reply) => ({ ...reply, scalars: { n_samples: 8 } }), /expected 40, as the/],
    [(reply) => ({ ...reply, scalars: { n_samples: 0 } }), /^it counted other rows than before$/],
    [
      (reply) => {
        const { products } = reply.arrays;
        const data = (products.data as Float64Array).map((value) => -value);
        return { ...reply, arrays: { products: floats(data, ...products.shape) } };
      },
      /"products": expected products that its variances allow/,
    ],
    [
      (reply) => {
        const { products } = reply.arrays;
        const data = (products.data as Float64Array).map((value) => 1e9 * value);
        return { ...reply, arrays: { products: floats(data, ...products.shape) } };
      },
      /"products": expected products that its variances allow/,
    ],
  ];
  for (const [changed, reason] of answers) {
    const liar: Client = {
      name: "1",
      answer: (request) =>
        request.kind === "pca/products" ? changed(second.answer(request)) : second.answer(request),
    };
    const found = await pcaOf([first, liar, third], settings);
    assert.deepEqual(
      found.dropped.map(({ client }) => client),
      ["1"],
    );
    assert.match(found.dropped[0].reason, reason);
    assertClose(found.pca.explainedVariance, without.pca.explainedVariance, 1e-9, "variance");
  }
});

test("a search that does not settle is given up, with a notice that says how far it came", async () => {
  const steady = localClient("a", rowsOf(gaussianClusters("steady", 300, D, 3, 1), D));
  const wavering = localClient("b", rowsOf(gaussianClusters("wavering", 300, D, 3, 1), D));
  let asked = 0;
  const client: Client = {
    name: "b",
    answer(request) {
      const reply = wavering.answer(request);
      if (request.kind !== "pca/products") return reply;
      // Off by up to a tenth, each time in another way.
      const random = randomStream(1, `wavering ${asked++}`);
      const { data, shape } = reply.arrays.products;
      const off = (data as Float64Array).map((value) => value * (0.9 + 0.2 * random.uniform()));
      return { ...reply, arrays: { products: floats(off, ...shape) } };
    },
  };
  const events = await serveInline([steady, client], { normalize: true, k: 1, maxIterations: 0 });
  const [{ sweeps, pca, dropped }] = eventsOf(events, "pca");
  assert.deepEqual([sweeps?.count, sweeps?.isFound, dropped], [asked, false, []]);
  const [{ notice }] = eventsOf(events, "notice");
  assert.match(
    notice.text,
    /^the principal components are not exact: after 100 sweeps one has a residual of \d\.\de-\d of its variance$/,
  );
  assert.ok(pca.components.every(Number.isFinite));
});

test("a client of fewer rows than the stricter threshold sends zeros about many features too", () => {
  const rows = rowsOf(gaussianClusters("withheld", 5, D, 2), D);
  const directions = gaussianClusters("directions", 3, D, 2);
  for (const [own, server] of [
    [6, 0],
    [1, 6],
    [5, 2],
  ]) {
    const client = localClient("a", rows, { threshold: own });
    const isWithheld = Math.max(own, server) > 5;
    const replies: Message[] = [
      answerWideMoments(client.local, wideMomentsRequest(null, server)),
      answerProducts(client.local, productsRequest(null, directions, D, server)),
    ];
    for (const { scalars, arrays, kind } of replies) {
      assert.equal(scalars.n_samples, isWithheld ? 0 : 5, kind);
      for (const [name, { data }] of Object.entries(arrays)) {
        assert.equal(
          data.every((value) => value === 0),
          isWithheld,
          `${kind}, ${name}`,
        );
      }
    }
  }
});

test("a client of many features sends no matrix of them: moments, then products with few directions", async () => {
  const { client, replies } = overheard(localClient("a", rowsOf(gaussianClusters("watched", 50, D, 3), D)));
  await pcaOf([client, localClient("b", rowsOf(gaussianClusters("other", 50, D, 3), D))], {
    normalize: true,
    pcaComponents: null,
  });
  const aboutPca = replies.filter(({ kind }) => kind.startsWith("pca/"));
  assert.deepEqual([...new Set(aboutPca.map(({ kind }) => kind))], ["pca/moments", "pca/products"]);
  for (const { arrays, kind } of aboutPca) {
    for (const { data } of Object.values(arrays)) assert.ok(data.length <= 10 * D, kind);
  }
});

test("rows that are all equal, and clients that may not send, end a run of many features with one clear line", async () => {
  const equal = ["a", "b"].map((name) =>
    localClient(name, [new Array<number>(D).fill(0.1), new Array<number>(D).fill(0.1)]),
  );
  const few = ["a", "b"].map((name) =>
    localClient(name, rowsOf(gaussianClusters(name, 2, D, 2), D), { threshold: 3 }),
  );
  for (const [clients, message] of [
    [equal, /^all rows are equal, so there is nothing to cluster$/],
    [
      few,
      /^every client has fewer rows than its group size, or its privacy threshold, so none may send its covariance$/,
    ],
  ] as const) {
    await assert.rejects(pcaOf(clients, { normalize: false, pcaComponents: null }), {
      name: "RunError",
      message,
    });
  }
});
