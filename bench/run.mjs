import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchFit } from "./fit.mjs";
import { KINDS } from "./rows.mjs";

/* npm run bench -- [--repeats N] [--kind blobs] [--shape n,d,k]: prints the README's table. */

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "3" },
    kind: { type: "string", multiple: true, default: Object.keys(KINDS) },
    shape: { type: "string", multiple: true },
  },
});
const shapes = values.shape?.map((text) => text.split(",").map(Number));
const results = await benchFit({
  repeats: Number(values.repeats),
  kinds: values.kind,
  ...(shapes && { shapes }),
});

const times = (other, ours) => (other === null ? "-" : (other / ours).toFixed(1));
console.log("| rows | features | clusters | data | lloyd | elkan | ml-kmeans | skmeans | ours |");
console.log("| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |");
for (const { n, d, k, kind, iterations, seconds: s } of results) {
  const cells = [n, d, k, `${kind}, ${iterations} iterations`];
  for (const name of ["lloyd", "elkan", "ml-kmeans", "skmeans"]) cells.push(times(s[name], s.ours));
  console.log(`| ${[...cells, `${(s.ours * 1000).toFixed(0)} ms`].join(" | ")} |`);
}
console.log(
  `\nTimes as long as ours, one thread each; scikit-learn ${results[0].version}, Node ${process.versions.node}, ` +
    `${cpus().length} cores of ${cpus()[0].model.trim()}.`,
);
