import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, placeIn } from "#src/page/address.js";
import { Player } from "#src/page/player.js";
import { type Mode, timelineOf } from "#src/page/timeline.js";
import { sampleExperiment } from "../support/sample.js";

const TIMELINE = timelineOf(sampleExperiment(), null);
const player = (mode: Mode) => new Player(TIMELINE, mode);
const placeOf = ({ stop }: Player) => `${stop.roundIndex} ${stop.view}`;

test("steps go through the stages of every round, and no further than the ends", () => {
  for (const mode of ["stills", "whole"] as const) {
    const one = player(mode);
    one.goTo({ roundIndex: 0, view: "local" });
    const seen = [placeOf(one)];
    for (let i = 0; i < 20; i++) {
      one.step(1, false);
      seen.push(placeOf(one));
    }
    assert.deepEqual([...new Set(seen)].slice(0, 4), ["0 local", "0 aggregation", "0 global", "1 local"]);
    assert.equal(new Set(seen).size, 12);
    assert.equal(seen.at(-1), "3 global");
    assert.ok(one.isAtEnd);
    one.step(-1, false);
    assert.equal(placeOf(one), "3 aggregation");
  }
});

test("a step with a tween plays to the end of the next stage and stops there", () => {
  const one = player("whole");
  one.goTo({ roundIndex: 1, view: "local" });
  one.step(1, true);
  assert.ok(one.isPlaying);
  const seen = new Set<string>();
  for (let i = 0; i < 1000 && one.isPlaying; i++) {
    one.tick(20);
    seen.add(JSON.stringify(one.frame));
  }
  assert.ok(seen.size > 5);
  assert.ok(!one.isPlaying);
  assert.equal(placeOf(one), "1 aggregation");
});

test("playing goes to the end, at its speed, and begins anew from there", () => {
  const ticks = (speed: number) => {
    const one = player("stills");
    one.speed = speed;
    one.play();
    let n = 0;
    for (; one.isPlaying; n++) one.tick(100);
    assert.equal(placeOf(one), "3 global");
    one.play();
    assert.equal(placeOf(one), "0 local");
    return n;
  };
  const [slow, fast] = [ticks(1), ticks(4)];
  assert.ok(Math.abs(slow / fast - 4) < 0.2, `${slow} and ${fast} ticks`);
});

test("the other mode shows the same stage, and plays on", () => {
  const one = player("whole");
  one.play();
  while (placeOf(one) !== "2 aggregation") one.tick(50);
  one.setMode("stills");
  assert.deepEqual([placeOf(one), one.isPlaying], ["2 aggregation", true]);
  one.pause();
  one.setMode("whole");
  assert.deepEqual([placeOf(one), one.isPlaying], ["2 aggregation", false]);
});

test("only the rounds asked for are played", () => {
  const { stops } = timelineOf(sampleExperiment(), { first: 1, last: 2 });
  assert.deepEqual([...new Set(stops.map(({ roundIndex }) => roundIndex))], [1, 2]);
});

test("an address names a place, and what names none is no place", () => {
  const rounds = [0, 1, 2, 30];
  const roundOf = (index: number) => rounds[index];
  for (const mode of ["stills", "whole"] as const) {
    const place = { stop: { roundIndex: 3, view: "local" }, mode } as const;
    assert.deepEqual(placeIn(addressOf(place, roundOf), rounds), place);
  }
  assert.deepEqual(placeIn("#round=30", rounds)?.stop, { roundIndex: 3, view: "global" });
  for (const address of ["", "#", "#round=3", "#stage=local", "#round=1&stage=moon", "#round="]) {
    assert.equal(placeIn(address, rounds), null, address);
  }
});
