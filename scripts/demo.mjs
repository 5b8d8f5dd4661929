import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { CLI, ROOT, setUp, VISUALIZE } from "./setup.mjs";

/* The main job, end to end: penguins on three islands, then generated data in 2 and in 10 dimensions; last, a video. */

setUp();

const command =
  (name, program) =>
  (...args) => {
    console.log(`\n$ ${name} ${args.join(" ")}`);
    return execFileSync(process.execPath, [program, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  };
const fedkmeans = command("fedkmeans", CLI);
const visualize = command("visualize", VISUALIZE);
const run = (...args) => {
  const report = fedkmeans("run", ...args);
  console.log(report);
  return report.trimEnd().split("\n").at(-1);
};

const penguins = run("--data", "data/penguins", "--label-column", "species", "--k-global", "3");

const directories = [2, 10].map((features) => {
  const data = `data/generated_${features}d`;
  rmSync(join(ROOT, data), { recursive: true, force: true });
  console.log(fedkmeans("generate", "--num-features", String(features), "--output-dir", data));
  return run("--data", data, "--k-global", "3");
});

const video = `${penguins}/penguins.mp4`;
console.log(visualize("--experiment-dir", penguins, "--output", video, "--smooth", "--cleanup"));

console.log(`
What to look at:
  ${video}
      The penguins' run as a video: how three islands agree on clusters without pooling a row.
  ${penguins}
      Penguins of three islands, each of which kept its rows. The clusters found are nearly the species
      (adjusted Rand index above), although Torgersen has only one of the three.
  ${penguins}/client_logs/
      What left each island, message by message.
  ${directories.join("\n  ")}
      Generated data: the same, in 2 dimensions and in 10.
In NumPy: numpy.load("${penguins}/final_means.npy") has the centroids on the original scale.
Next: npx fedkmeans run --help`);
