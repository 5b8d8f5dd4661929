import { execFileSync, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pythonEnvironment } from "../scripts/python.mjs";
import { CLI, ROOT, setUpPython } from "../scripts/setup.mjs";
import { oneRun, writeClients } from "./clients.mjs";
import { installJavaScriptRivals } from "./fit.mjs";
import { makeRows, median } from "./rows.mjs";

/*
 * From files to rows in memory, against pandas, uDSV, pyarrow and NumPy: each reading in a process of its own, on one
 * core, timed within it, so without the start of Node or Python; alternating, medians. Then whole jobs from the shell,
 * starts included, against a Python script that reads the same files, standardizes and fits KMeans with ten starts; and
 * the memory of a run above that of one of hardly any rows.
 */

const N = 500_000;
const D = 10;
const K = 3;
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const NAMES = Array.from({ length: D }, (_, f) => `x${f}`);

/** How the same rows are written: `cell` of a number, and what is beside them. */
const FORMS = {
  "10 decimals": { cell: (value) => value.toFixed(10) },
  "all digits": { cell: String },
  "a column of text": { cell: (value) => value.toFixed(10), label: (i) => `class ${i % 7}` },
  "quoted cells": { cell: (value) => `"${value.toFixed(10)}"`, label: (i) => `"class, ${i % 7}"` },
  "one file, a column of clients": { cell: (value) => value.toFixed(10), site: (i) => `site ${i % 2}` },
};

const OURS = `
import { createRequire } from "node:module";
const require = createRequire(${JSON.stringify(pathToFileURL(join(ROOT, "bench", "x.mjs")).href)});
const { configure } = require("../dist/experiment/configuration.js");
const { listPartitions } = require("../dist/data/partitions/partition-list.js");
const { createPartitionLoader } = require("../dist/data/partitions/partition-loader.js");
const [path, options] = JSON.parse(process.argv[1]);
const configuration = configure({ data: path, ...options });
const began = performance.now();
const refs = await listPartitions(path, configuration);
const load = createPartitionLoader(refs);
let nRows = 0;
for (const ref of refs) nRows += (await load(ref)).rows.nRows;
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, nRows }));
`;
const UDSV = `
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
const require = createRequire(${JSON.stringify(pathToFileURL(join(ROOT, "bench", "x.mjs")).href)});
const { inferSchema, initParser } = require("udsv");
const [path] = JSON.parse(process.argv[1]);
const began = performance.now();
let nRows = 0;
for (const file of path.endsWith(".csv") ? [path] : readdirSync(path).map((name) => path + "/" + name)) {
  const text = readFileSync(file, "utf8");
  nRows += initParser(inferSchema(text)).typedArrs(text).length;
}
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, nRows }));
`;
const READ_PYTHON = `
import glob, json, sys, time, numpy as np
kind = sys.argv[1]
if kind != "npz": import pandas as pd
path = json.loads(sys.argv[2])[0]
files = [path] if path.endswith(".csv") else sorted(glob.glob(path + "/*"))
began = time.perf_counter()
read = {"csv": lambda f: pd.read_csv(f), "parquet": lambda f: pd.read_parquet(f), "npz": lambda f: np.load(f)["X"]}[kind]
tables = [read(f) for f in files]
if kind != "npz": rows = [t.select_dtypes("number").to_numpy() for t in tables]
print(json.dumps({"seconds": time.perf_counter() - began, "nRows": sum(len(t) for t in tables)}))
`;
const JOB_PYTHON = `
import glob, sys, pandas as pd
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
files = sys.argv[1:]
rows = pd.concat([pd.read_csv(f) for f in files]).select_dtypes("number").to_numpy()
KMeans(${K}, n_init=10, random_state=42).fit(StandardScaler().fit_transform(rows))
`;

/** @returns {Promise<string>} tables as Markdown */
export async function benchRead({ repeats }) {
  setUpPython(["python3-pandas"], "pandas");
  installJavaScriptRivals();
  const newest = pythonEnvironment("pandas", ["pandas>=3", "pyarrow"]);
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  try {
    const { rows } = makeRows(N, D, K, "blobs");
    const paths = {};
    for (const form of Object.keys(FORMS)) paths[form] = await writeForm(folder, form, rows);
    const texts = Object.keys(FORMS).map((form) => benchForm(form, paths[form], newest, repeats));
    const arrays = await benchArrays(folder, newest, repeats);
    const jobs = [
      await benchJob("two files", paths["10 decimals"], {}, repeats, folder),
      await benchJob(
        "one file, a column of clients",
        paths[ONE_FILE],
        { clientColumn: "site" },
        repeats,
        folder,
      ),
    ];
    return `${textTable(texts)}\n\n${arrayTable(arrays)}\n\n${jobTable(jobs)}\n\n${versions(newest)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ONE_FILE = "one file, a column of clients";

/** Writes half of the rows to each of two files, or all to one. */
async function writeForm(folder, form, rows) {
  const { cell, label, site } = FORMS[form];
  const header = [...(site ? ["site"] : []), ...NAMES, ...(label ? ["label"] : [])].join(",");
  const path = join(folder, form.replaceAll(/\W+/g, "_"));
  if (!site) mkdirSync(path);
  const files = site ? [`${path}.csv`] : [join(path, "a.csv"), join(path, "b.csv")];
  const each = N / files.length;
  for (const [part, file] of files.entries()) {
    const stream = createWriteStream(file);
    stream.write(`${header}\n`);
    for (let from = part * each; from < (part + 1) * each; from += 10_000) {
      let text = "";
      for (let i = from; i < from + 10_000; i++) {
        const cells = Array.from(rows.subarray(i * D, (i + 1) * D), cell);
        text += `${[...(site ? [site(i)] : []), ...cells, ...(label ? [label(i)] : [])].join(",")}\n`;
      }
      if (!stream.write(text)) await new Promise((resolve) => stream.once("drain", resolve));
    }
    await new Promise((resolve) => stream.end(resolve));
  }
  return site ? files[0] : path;
}

/** Runs a program on one core, where the system can be told so, and gives back what it printed. */
function onOneCore(program, args) {
  const pinned = spawnSync("taskset", ["--version"]).error === undefined ? ["taskset", "-c", "0"] : [];
  const [command, ...rest] = [...pinned, program, ...args];
  const output = execFileSync(command, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const { seconds, nRows } = JSON.parse(output);
  if (nRows !== N) throw new Error(`${command} read ${nRows} rows of ${N}`);
  return seconds;
}

function alternate(rivals, repeats) {
  const seconds = {};
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, time] of Object.entries(rivals)) (seconds[name] ??= []).push(time());
  }
  return Object.fromEntries(Object.entries(seconds).map(([name, times]) => [name, median(times)]));
}

const node = (program, ...given) =>
  onOneCore(process.execPath, ["--input-type=module", "-e", program, JSON.stringify(given)]);
const python = (interpreter, kind, path) =>
  onOneCore(interpreter, ["-c", READ_PYTHON, kind, JSON.stringify([path])]);

function benchForm(form, path, newest, repeats) {
  const options = {
    labelColumn: FORMS[form].label ? "label" : null,
    clientColumn: FORMS[form].site ? "site" : null,
  };
  const rivals = {
    ours: () => node(OURS, path, options),
    pandas: () => python(PYTHON, "csv", path),
    ...(newest && { newest: () => python(newest, "csv", path) }),
    udsv: () => node(UDSV, path),
  };
  const result = { form, ...alternate(rivals, repeats) };
  console.error(JSON.stringify(result));
  return result;
}

async function benchArrays(folder, newest, repeats) {
  const npz = join(folder, "npz");
  await writeClients(npz, { clients: 2, rows: N / 2, d: D, k: K, kind: "blobs" });
  const results = [
    {
      form: "`.npz`, against NumPy",
      ...alternate({ ours: () => node(OURS, npz, {}), theirs: () => python(PYTHON, "npz", npz) }, repeats),
    },
  ];
  if (newest === null) return results;
  const parquet = join(folder, "parquet");
  mkdirSync(parquet);
  const write = `
import glob, os, sys, numpy as np, pandas as pd
for f in glob.glob(sys.argv[1] + "/*.npz"):
    name = os.path.basename(f)[:-4]
    pd.DataFrame(np.load(f)["X"], columns=[f"x{i}" for i in range(${D})]).to_parquet(f"{sys.argv[2]}/{name}.parquet")
`;
  execFileSync(newest, ["-c", write, npz, parquet]);
  const rivals = { ours: () => node(OURS, parquet, {}), theirs: () => python(newest, "parquet", parquet) };
  return [...results, { form: "`.parquet`, against pyarrow", ...alternate(rivals, repeats) }];
}

/** A whole job from the shell, on all cores, and what memory it takes above a run of hardly any rows. */
async function benchJob(form, path, { clientColumn }, repeats, folder) {
  const logDir = join(folder, "logs");
  const flags = ["--data", path, "--k-global", String(K), "--group-size", "1", "--log-dir", logDir];
  if (clientColumn) flags.push("--client-column", clientColumn);
  const files = clientColumn ? [path] : [join(path, "a.csv"), join(path, "b.csv")];
  const time = (program, args) => () => {
    const began = performance.now();
    execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    return (performance.now() - began) / 1000;
  };
  const result = alternate(
    {
      ours: time(process.execPath, [CLI, "run", ...flags]),
      theirs: time(PYTHON, ["-c", JOB_PYTHON, ...files]),
    },
    repeats,
  );
  const small = join(folder, `small ${form}.csv`);
  const few = Array.from({ length: 40 }, (_, i) =>
    [`site ${i % 2}`, ...NAMES.map((_, f) => i * f + (i % 3))].join(","),
  );
  writeFileSync(small, [["site", ...NAMES].join(","), ...few].join("\n"));
  const settings = { kGlobal: K, groupSize: 1, logDir, carrier: "threads" };
  const empty = [];
  const full = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    empty.push((await oneRun({ ...settings, data: small, clientColumn: "site" })).peakBytes);
    full.push((await oneRun({ ...settings, data: path, ...(clientColumn && { clientColumn }) })).peakBytes);
  }
  return { form, ...result, memory: (median(full) - median(empty)) / (8 * N * D) };
}

const ratio = (theirs, ours) => (theirs === undefined ? "" : (theirs / ours).toFixed(2));
const milliseconds = (seconds) => `${Math.round(1000 * seconds)} ms`;

function textTable(results) {
  const lines = results.map(
    ({ form, ours, pandas, newest, udsv }) =>
      `| ${form} | ${milliseconds(ours)} | ${ratio(pandas, ours)} | ${ratio(newest, ours)} | ${ratio(udsv, ours)} |`,
  );
  return [
    "| 500,000 x 10 as CSV | ours | pandas of Debian | newest pandas | uDSV |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

function arrayTable(results) {
  const lines = results.map(
    ({ form, ours, theirs }) => `| ${form} | ${milliseconds(ours)} | ${ratio(theirs, ours)} |`,
  );
  return ["| 500,000 x 10 as | ours | the other |", "| --- | ---: | ---: |", ...lines].join("\n");
}

function jobTable(jobs) {
  const lines = jobs.map(
    ({ form, ours, theirs, memory }) =>
      `| ${form} | ${ours.toFixed(2)} s | ${ratio(theirs, ours)} | ${memory.toFixed(2)} |`,
  );
  return [
    "| `fedkmeans run`, from the shell | ours | pandas and scikit-learn, pooled, ten starts | memory / rows |",
    "| --- | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

function versions(newest) {
  const version = (interpreter, module) =>
    execFileSync(interpreter, ["-c", `import ${module} as m; print(m.__version__)`], {
      encoding: "utf8",
    }).trim();
  const others =
    newest === null ? "" : ` and ${version(newest, "pandas")}, pyarrow ${version(newest, "pyarrow")}`;
  return `pandas ${version(PYTHON, "pandas")}${others}, NumPy ${version(PYTHON, "numpy")}, scikit-learn ${version(PYTHON, "sklearn")}.`;
}
