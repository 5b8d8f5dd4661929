import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as fk from "#src/index.js";
import { removedAfter } from "../../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const logDir = removedAfter(after);

let penguins: fk.FederatedData;
let result: fk.RunResult;
before(async () => {
  penguins = await fk.load(PENGUINS, { labelColumn: "species" });
  result = await fk.run({ data: penguins, kGlobal: 3, groupSize: 1, carrier: "inline", logDir });
});

const marks = (svg: string) =>
  [...svg.matchAll(/<g fill="#\w+"[^>]*>(.*?)<\/g>/g)].map(([, paths]) => paths.match(/<path/g)!.length);
const XY = { x: "bill_length_mm", y: "flipper_length_mm" };

test("a table has a mark a row, by its colour, in a panel a facet", async () => {
  const { kind, svg } = await fk.scatter(penguins, { ...XY, color: "species" });
  assert.equal(kind, "picture");
  assert.deepEqual(marks(svg), [151, 123, 68]);
  assert.match(
    svg,
    /342 points of flipper_length_mm \(172 to 231\) by bill_length_mm \(32\.1 to 59\.6\), coloured by species: Adelie 151, Chinstrap 68, Gentoo 123\./,
  );
  const faceted = await fk.scatter(penguins, { ...XY, color: "species", facet: "client" });
  assert.deepEqual(marks(faceted.svg), [123, 44, 68, 56, 51]);
  assert.match(faceted.svg, />n = 167</);
  const table = await fk.rows(penguins);
  assert.equal((await fk.scatter({ objects: () => table }, { ...XY, color: "species" })).svg, svg);
});

test("features are drawn each against each", async () => {
  const features = ["bill_length_mm", "bill_depth_mm", "body_mass_g"];
  const { svg } = await fk.scatter(await fk.assignments(result, penguins), { features, color: "cluster" });
  const bySize = result.metrics.clusterSizes.toSorted((a, b) => b - a);
  assert.deepEqual(marks(svg), [...bySize, ...bySize, ...bySize]);
  for (const name of features) assert.match(svg, new RegExp(`>${name}<`));
});

test("clusters keep their colour though one of them has no row, and text of numbers counts as numbers", async () => {
  const table = [
    { x: "1.5", y: 2, cluster: 2 },
    { x: "", y: 3, cluster: 0 },
    { x: 2n, y: true, cluster: 0 },
  ];
  const { svg } = await fk.scatter(table, { x: "x", y: "y", color: "cluster" });
  const two = await fk.scatter([{ x: 1, y: 1, c: 2 }], { x: "x", y: "y", color: "c" });
  const [, colour] = /<g fill="(#\w+)"/.exec(two.svg)!;
  assert.match(svg, new RegExp(`<g fill="${colour}"`));
  assert.match(svg, />1 without a value of both axes: not drawn</);
});

test("a run's rows lie on its map with the global means, by cluster, client or label", async () => {
  const { svg } = await fk.scatter(result, { facet: "client" });
  const sizes = marks(svg);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    342,
  );
  assert.match(svg, /PC 1 \(\d+ %\) →/);
  assert.equal(svg.match(/>global mean</g)?.length, 1);
  // In the legend, and in each of three panels.
  assert.equal(svg.match(/font-weight="700"[^>]*>0</g)?.length, 4);
  const byLabel = await fk.scatter(result, { by: "species", data: penguins });
  assert.deepEqual(marks(byLabel.svg), [151, 123, 68]);
  const byClient = await fk.scatter(result.experimentDir, { by: "client", facet: "cluster" });
  assert.match(byClient.svg, />Torgersen</);
  // A number says nothing alone.
  assert.match(byClient.svg, />cluster 2</);
  assert.match(svg, />Dream</);
});

test("what cannot be drawn is refused in a line", async () => {
  const refused = (what: unknown, options: object, message: RegExp) =>
    assert.rejects(fk.scatter(what as string, options), { message });
  await refused(
    penguins,
    { x: "bill", y: "body_mass_g" },
    /^no column bill: the table has client, species, bill_length_mm/,
  );
  await refused(
    penguins,
    { x: "species", y: "body_mass_g" },
    /^column species, row 1: a number expected, found "Adelie"$/,
  );
  await refused(penguins, { ...XY, width: NaN }, /^width must be an integer of at least 100, found null$/);
  await refused(penguins, { ...XY, columns: 0 }, /^columns must be an integer of at least 1, found 0$/);
  await refused(penguins, { x: XY.x }, /x and y expected, or features/);
  await refused(
    penguins,
    { ...XY, color: "body_mass_g" },
    /^color: at most 64 different values can be told apart, found 94 in column body_mass_g$/,
  );
  await refused(
    penguins,
    { ...XY, colour: "species" },
    /^no option colour of a table: .*; did you mean color\?$/,
  );
  await refused(penguins, { features: ["body_mass_g"] }, /^features: 2 to 8 columns expected, found 1$/);
  await refused(result, { color: "cluster" }, /^no option color of a run: .*; did you mean by\?$/);
  await refused([], XY, /^the table has no rows$/);
  await refused(5, {}, /^a table, data, or a run's result or directory expected, found 5$/);
});
