import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { ServerOptions } from "#src/federation/server-options.js";
import { groupRows, pointsOf } from "#src/privacy/groups.js";
import { groupsPolicy, type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import { hitsOf, signTest } from "../support/attacks/claims.js";
import { clientUnder, overhear } from "../support/attacks/conversation.js";
import { type AttackedClient, type AttackedData, attackedData } from "../support/attacks/data.js";
import { type Exchanged, knowledgeOf, rawSum } from "../support/attacks/knowledge.js";
import { solveRows } from "../support/attacks/passive.js";
import { type Functional, leastSum } from "../support/attacks/span.js";
import { functionalOf, taggedClient } from "../support/attacks/tagged.js";
import { THRESHOLD } from "../support/federation.js";
import { fuzzCases } from "../support/fuzz.js";

/* An honest server, or whoever has its records, that keeps all it hears in ordinary runs. */

const ALGORITHMS = ["fkm", "lloyd", "best-lloyd", "k-fed"] as const;
const SIZES = [2, 5, 10];

/** Ten seeds of every algorithm, with few clusters or more, in features or in components. */
function runs(): Partial<ServerOptions>[] {
  return Array.from({ length: fuzzCases(10) }, (_, randomState) =>
    ALGORITHMS.map(
      (algorithm): Partial<ServerOptions> => ({
        algorithm,
        randomState,
        k: randomState % 2 === 0 ? 3 : 6,
        restarts: 4,
        normalize: randomState % 3 !== 2,
      }),
    ),
  ).flat();
}

/** All that is heard in runs, by client; runs of more clusters than there are points do not begin. */
async function heardIn(
  clients: readonly AttackedClient[],
  policy: Policy,
  all: readonly Partial<ServerOptions>[],
): Promise<Map<string, Exchanged[][]>> {
  const real = clients.map((client) => clientUnder(policy, client));
  const nPoints = real.reduce((sum, client) => sum + client.local.nPoints, 0);
  const heard = new Map<string, Exchanged[][]>(clients.map(({ name }) => [name, []]));
  for (const options of all) {
    if ((options.k ?? 0) > nPoints) continue;
    const protection = policy.mode === "threshold" ? { protection: THRESHOLD } : {};
    const { privacyThreshold } = policy;
    const conversations = await overhear(real, { ...protection, privacyThreshold, ...options });
    for (const [name, conversation] of conversations) heard.get(name)!.push([...conversation]);
  }
  return heard;
}

/** What sums of rows of a tagged client a conversation has, as functionals. */
function functionalsOf(conversations: readonly Exchanged[][], nFeatures: number): Functional[] {
  const functionals = new Map<string, Functional>();
  for (const conversation of conversations) {
    for (const { cells, transform } of knowledgeOf(conversation, nFeatures).partitions) {
      for (const cell of cells) {
        const sum = rawSum(cell, transform);
        if (sum === null) continue;
        const functional = functionalOf(sum);
        assert.equal(
          [...functional.values()].reduce((total, times) => total + times),
          cell.rows,
        );
        functionals.set([...functional.keys()].sort((a, b) => a - b).join(), functional);
      }
    }
  }
  return [...functionals.values()];
}

const TAGGED = [taggedClient("a", 30), taggedClient("b", 30), taggedClient("c", 30)];

test("no sum of fewer rows than a group's follows from all that is heard, by whoever knows which rows are where", async () => {
  for (const size of SIZES) {
    const heard = await heardIn(TAGGED, groupsPolicy(size), runs());
    for (const { name, rows } of TAGGED) {
      const functionals = functionalsOf(heard.get(name)!, rows[0].length);
      assert.ok(functionals.length > (size < 10 ? 5 : 1), `${functionals.length} sums of ${name}`);
      assert.equal(leastSum(functionals, size), null, `${name}, groups of ${size}`);
    }
  }
});

test("of rows, and of rows behind a threshold, single ones follow", async () => {
  for (const policy of [groupsPolicy(1), thresholdPolicy(2), thresholdPolicy(5)]) {
    const heard = await heardIn(TAGGED, policy, runs());
    const found = TAGGED.map(({ name, rows }) =>
      leastSum(functionalsOf(heard.get(name)!, rows[0].length), 2),
    );
    assert.ok(
      found.every((rows) => rows?.length === 1),
      `${policy.mode} ${policy.privacyThreshold}`,
    );
  }
});

/** Rows that an honest server solves for in all runs, each once. */
function solvedIn(conversations: readonly Exchanged[][], nFeatures: number): number[][] {
  const solved = new Map<string, number[]>();
  for (const conversation of conversations) {
    const knowledge = knowledgeOf(conversation, nFeatures);
    const clustered = knowledge.partitions.filter(({ kind }) => /clustering|fit/.test(kind));
    if (clustered.length === 0) continue;
    const { normalization } = clustered[0].transform;
    const { mean, scale } = normalization ?? {
      mean: new Float64Array(nFeatures),
      scale: new Float64Array(nFeatures).fill(1),
    };
    const all = knowledge.partitions.find(({ kind }) => kind === "normalization/moments");
    const total =
      all === undefined
        ? null
        : all.cells[0].sum!.map((x, j) => (scale[j] > 0 ? (x - all.cells[0].rows * mean[j]) / scale[j] : 0));
    for (const { values } of solveRows({ ...knowledge, partitions: clustered }, total)) {
      const row = values.map((x, j) => x * scale[j] + mean[j]);
      solved.set(row.map((x) => x.toPrecision(7)).join(), row);
    }
  }
  return [...solved.values()];
}

/** Of what is claimed of all clients, how much is of theirs and how much of others like them. */
async function claimsHit(data: AttackedData, policy: Policy, common: number, all = runs()) {
  const heard = await heardIn(data.clients, policy, all);
  const scale = data.columns.map(({ step }) => step);
  const sum = { claims: 0, inside: 0, outside: 0 };
  for (const { name, rows, heldOut } of data.clients) {
    const claims = solvedIn(heard.get(name)!, data.columns.length);
    const hits = hitsOf(claims, rows, heldOut, { scale, tolerance: 1e-6, common });
    sum.claims += hits.claims;
    sum.inside += hits.inside;
    sum.outside += hits.outside;
  }
  return { ...sum, p: signTest(sum.inside, sum.outside) };
}

for (const data of attackedData()) {
  test(`rows that an honest server solves for are no client's, in groups: ${data.name}`, async (t) => {
    for (const size of SIZES) {
      const { claims, inside, p } = await claimsHit(data, groupsPolicy(size), size);
      t.diagnostic(`groups of ${size}: ${claims} claims, ${inside} of the client's rows`);
      assert.ok(p >= 0.001, `groups of ${size}: ${inside} of ${claims} claims are rows, p = ${p}`);
      if (fuzzCases(1) === 1) assert.equal(inside, 0);
    }
  });
}

test("the same server solves for rows where clients compute from rows, or withhold means of few", async (t) => {
  for (const policy of [groupsPolicy(1), thresholdPolicy(2)]) {
    const all = { inside: 0, outside: 0 };
    for (const data of attackedData()) {
      // Rows of which the client has others alike are left out as above, as groups of 5 would tell of them.
      const { claims, inside, outside } = await claimsHit(data, policy, 5, runs().slice(0, 16));
      t.diagnostic(`${data.name}, ${policy.mode}: ${inside} of ${claims} claims are the client's rows`);
      assert.ok(inside > 0, `${data.name}, ${policy.mode}: none of ${claims} claims`);
      all.inside += inside;
      all.outside += outside;
    }
    assert.ok(signTest(all.inside, all.outside) < 1e-9);
  }
});

/** The same rows but for two values of a column that changed places within a group, where groups and points stay the same. */
function withSamePoints(rows: readonly (readonly number[])[], size: number): number[][] | null {
  if (rows.length < size) return null;
  const points = (of: readonly (readonly number[])[]) => {
    const matrix = { data: Float64Array.from(of.flat()), nRows: of.length, nColumns: of[0].length };
    const groups = groupRows(matrix, null, size);
    return { groups, points: pointsOf(matrix, null, groups) };
  };
  const { groups, points: expected } = points(rows);
  for (let at = 0; at + 1 < groups.rows.length; at++) {
    const [a, b] = [groups.rows[at], groups.rows[at + 1]];
    if (groups.starts.includes(at + 1) || rows[a][1] === rows[b][1] || rows[a][0] === rows[b][0]) continue;
    const others = rows.map((row) => [...row]);
    [others[a][1], others[b][1]] = [rows[b][1], rows[a][1]];
    if (isDeepStrictEqual(points(others).points, expected)) return others;
  }
  return null;
}

test("clients of other rows with the same points say the same, to the bit, in every run", async () => {
  let compared = 0;
  for (const data of attackedData()) {
    for (const size of SIZES) {
      const others = data.clients.map((client) => ({
        ...client,
        rows: withSamePoints(client.rows, size) ?? client.rows,
      }));
      if (others.every(({ rows }, i) => rows === data.clients[i].rows)) continue;
      const few = runs().slice(0, 8);
      const heard = await heardIn(data.clients, groupsPolicy(size), few);
      assert.deepEqual(await heardIn(others, groupsPolicy(size), few), heard);
      compared += 1;
    }
  }
  assert.ok(compared > 6, `${compared} files with others of the same points`);
});
