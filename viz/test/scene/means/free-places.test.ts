import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mark } from "#src/scene/marks/marks.js";
import { coveredBy, freePlace, placesBeside, squareAround } from "#src/scene/means/free-places.js";

const area = { x: 0, y: 0, width: 200, height: 100 };

test("a label stands at the first place beside its symbol that is free and inside", () => {
  const symbol = squareAround({ x: 100, y: 50 }, 10);
  const places = placesBeside(symbol, 40, 12);
  for (const place of places) assert.equal(freePlace([place], [symbol], area), place);
  assert.equal(freePlace(places, [symbol], area), places[0]);
  assert.equal(freePlace(places, [symbol, places[0]], area), places[1]);
  assert.equal(freePlace(places, [area], area), null);
  // At the right edge only places at the left are inside.
  const atEdge = placesBeside(squareAround({ x: 190, y: 50 }, 10), 40, 12);
  assert.ok(freePlace(atEdge, [], area)!.x < 180 - 40);
});

test("labels keep off symbols, chips, texts, arrows and bent flows, not off the lines of a grid", () => {
  const over = (mark: Mark, x: number, y: number) =>
    coveredBy([mark]).some(
      (box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
    );
  const look = { stroke: "#000000", width: 2 } as const;
  assert.ok(over({ kind: "symbol", shape: "star", x: 5, y: 5, radius: 4 }, 8, 8));
  assert.ok(
    over({ kind: "text", x: 50, y: 20, text: "twelve", size: 11, fill: "#000000", align: "right" }, 30, 16),
  );
  const arrow: Mark = { kind: "line", points: [0, 0, 100, 100], ...look };
  assert.ok(over(arrow, 50, 50) && !over(arrow, 50, 20));
  assert.ok(!over({ ...arrow, width: 1 }, 50, 50));
  // Half way, it has bent by 0.06 of its length.
  const flow: Mark = { kind: "flow", x1: 0, y1: 0, x2: 100, y2: 0, stroke: "#000000", width: 1, opacity: 1 };
  assert.ok(over(flow, 50, -6) && !over(flow, 50, 0));
});
