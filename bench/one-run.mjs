import { createRequire } from "node:module";
import { peakBytes } from "./peak-bytes.mjs";

/* A run in a process of its own: node one-run.mjs SETTINGS, as JSON. Prints what it took, as JSON. */

const { run } = createRequire(import.meta.url)("../dist/index.js");
const settings = JSON.parse(process.argv[2]);
let firstRound;
let lastRound;
const started = performance.now();
const { rounds } = await run(settings, {
  onEvent: ({ type }) => {
    if (type !== "round") return;
    firstRound ??= performance.now();
    lastRound = performance.now();
  },
});
console.log(
  JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    secondsPerRound: rounds === 0 ? null : (lastRound - firstRound) / 1000 / rounds,
    peakBytes: peakBytes(),
  }),
);
