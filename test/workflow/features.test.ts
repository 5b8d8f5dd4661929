import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError } from "#src/errors.js";
import { aboutFeatures, agreeOnFeatures, featuresAsked, placesOf } from "#src/workflow/features.js";
import type { Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";

const of = (name: string, ...featureNames: string[]) => ({
  name,
  nFeatures: featureNames.length,
  featureNames,
});

test("features stand in the order that most clients have, of equally many in that of the first", () => {
  const most = agreeOnFeatures([of("a", "y", "x"), of("b", "x", "y"), of("c", "x", "y")]);
  assert.deepEqual(most, { nFeatures: 2, featureNames: ["x", "y"], asked: ["x", "y"] });
  const first = agreeOnFeatures([of("a", "y", "x"), of("b", "x", "y")]);
  assert.deepEqual(first.featureNames, ["y", "x"]);
  assert.deepEqual(agreeOnFeatures([of("a", "y", "x"), of("b", "y", "x")]).asked, null);
});

test("a run may be about some features of clients that have others beside them; what a client lacks is named", () => {
  const clients = [of("a", "x", "y", "z"), of("b", "z", "x")];
  const expected = { nFeatures: 2, featureNames: ["z", "x"], asked: ["z", "x"] };
  assert.deepEqual(agreeOnFeatures(clients, ["z", "x"]), expected);
  assert.equal(agreeOnFeatures([of("a", "z", "x"), of("b", "z", "x")], ["z", "x"]).asked, null);
  const refused: [readonly string[], RegExp][] = [
    [["x", "y"], /^clients differ in their features: "y" is at a, not at b$/],
    [["mass", "x"], /^clients differ in their features: "mass" is nowhere$/],
  ];
  for (const [wanted, message] of refused) {
    assert.throws(
      () => agreeOnFeatures(clients, wanted),
      (error) => error instanceof RunError && message.test(error.message),
    );
  }
  const nameless = { name: "c", nFeatures: 2, featureNames: null };
  assert.throws(
    () => agreeOnFeatures([...clients, nameless], ["z", "x"]),
    /client c has no names of features to go by/,
  );
});

test("a request says which features it is about, and a client refuses others by name", () => {
  const request = momentsRequest(2, true);
  assert.equal(aboutFeatures(request, null), request);
  assert.equal(featuresAsked(request), null);
  const about = aboutFeatures(request, ["z", "x"]);
  assert.deepEqual(featuresAsked(about), ["z", "x"]);
  assert.deepEqual(placesOf(["z", "x"], ["x", "y", "z"]), [2, 0]);
  const malformed = [["x", "x"], [], "x", 3] as const;
  for (const feature_names of malformed) {
    const bad = { ...request, scalars: { feature_names } } as Message;
    assert.throws(
      () => featuresAsked(bad),
      /scalar "feature_names": expected/,
      JSON.stringify(feature_names),
    );
  }
  assert.throws(
    () => placesOf(["mass"], ["x", "y"]),
    new RunError('it has no feature "mass", which the run asks for; it has "x", "y"'),
  );
  assert.throws(
    () => placesOf(["x"], ["x", "x"]),
    new RunError('it has two features named "x", one of which the run asks for'),
  );
  assert.throws(
    () => placesOf(["x"], null),
    new RunError('its features have no names, the run asks for "x"'),
  );
});
