import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { writeNpy } from "#src/directory/npy.js";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const FAILED = 1;
const WRONG_USAGE = 2;

type Files = Record<string, string | Uint8Array>;

const csv = (...rows: string[]) => `${rows.join("\n")}\n`;
const TEN = ["1,2", "3,5", "4,4", "8,1", "2,2", "6,3", "5,7", "9,9", "7,0", "0,6"];
const good = csv("a,b", ...TEN);
const table = (nRows: number, nColumns: number) => ({
  shape: [nRows, nColumns],
  data: Float64Array.from({ length: nRows * nColumns }, (_, i) => (i * i) % 7),
});

/** A .npy file with this header and no elements. */
function npyOf(header: string): Uint8Array {
  const bytes = Buffer.alloc(12 + header.length);
  bytes.write("\x93NUMPY\x02\x00", "latin1");
  bytes.writeUInt32LE(header.length, 8);
  bytes.write(header, 12, "latin1");
  return bytes;
}
const header = (descr: string, shape: string) =>
  npyOf(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`);

/** A good archive whose only member has a name of the same length. */
async function archiveWith(member: string): Promise<Uint8Array> {
  const name = "x".repeat(member.length);
  const bytes = Buffer.from(await writeNpz({ [name]: table(3, 2) }));
  const text = bytes.toString("latin1").replaceAll(`${name}.npy`, `${member}.npy`);
  return Buffer.from(text, "latin1");
}

interface Refusal {
  /** The rest of the federation is client a: a good file of ten rows in two features: two groups. */
  files?: Files | (() => Promise<Files>);
  args?: string[];
  status: number;
  message: RegExp;
}

const file = (contents: string | Uint8Array, name = "b.csv"): Files => ({ "a.csv": good, [name]: contents });
const archive = (contents: () => Promise<Uint8Array>) => async () => file(await contents(), "b.npz");

const DATA: Record<string, Refusal> = {
  "a client with an empty file": {
    files: file(""),
    status: FAILED,
    message: /client b cannot take part: .*b\.csv/,
  },
  "a client with a header only": {
    files: file("a,b\n"),
    status: FAILED,
    message: /client b .*b\.csv\): no rows/,
  },
  "a client with an array of no rows": {
    files: file(writeNpy({ shape: [0, 2], data: new Float64Array() }), "b.npy"),
    status: FAILED,
    message: /client b .*no rows/,
  },
  "NaN in a CSV file": {
    files: file("a,b\n1,2\nnan,3\n"),
    status: FAILED,
    message: /b\.csv line 3, column "a"/,
  },
  "NaN in an array": {
    files: file(writeNpy({ shape: [1, 2], data: Float64Array.of(1, Number.NaN) }), "b.npy"),
    status: FAILED,
    message: /row 0 \(counted from 0\), feature 1: a missing value; 1 of 1 rows has one: .*--missing drop/,
  },
  "an infinity in a CSV file": {
    files: file("a,b\n1,2\n3,-inf\n"),
    status: FAILED,
    message: /b\.csv.*line 3/,
  },
  "an infinity in an array": {
    files: file(writeNpy({ shape: [1, 2], data: Float64Array.of(Infinity, 1) }), "b.npy"),
    status: FAILED,
    message: /found Infinity/,
  },
  "a missing value": {
    files: file("a,b\n1,2\n3,\n"),
    status: FAILED,
    message: /line 3, column "b": a missing value/,
  },
  "a feature more": {
    files: file(csv("a,b,c", ...TEN.map((row) => `${row},1`))),
    status: FAILED,
    message: /clients differ in their features: "c" is at b, not at a$/,
  },
  "other features": {
    files: file(csv("b,d", ...TEN)),
    status: FAILED,
    message: /clients differ in their features: "a" is at a, not at b; "d" is at b, not at a$/,
  },
  "k larger than the groups": {
    files: file(good),
    args: ["--k-global", "9"],
    status: FAILED,
    message:
      /cannot make 9 clusters of 4 groups \(20 rows, --group-size 5\): --k-global must be at most the number of groups$/,
  },
  "k larger than the rows": {
    files: file(good),
    args: ["--k-global", "21", "--group-size", "1"],
    status: FAILED,
    message: /cannot make 21 clusters of 20 rows: --k-global must be at most the number of rows$/,
  },
  "clients of fewer rows than a group": {
    files: file(csv("a,b", "1,2", "3,5", "4,4", "8,1")),
    status: WRONG_USAGE,
    message:
      /the federation has 1 client with rows enough for --group-size 5, and 1 without, --min-clients is 2$/,
  },
  "a truncated npz": {
    files: archive(async () => (await writeNpz({ X: table(9, 2) })).subarray(0, -40)),
    status: FAILED,
    message: /b\.npz: damaged, truncated or not a \.npz archive/,
  },
  "a flipped byte in an npz": {
    files: archive(async () => {
      const bytes = Buffer.from(await writeNpz({ X: table(9, 2) }));
      bytes[200] ^= 1;
      return bytes;
    }),
    status: FAILED,
    message: /b\.npz \(array "X"\): damaged: CRC-32/,
  },
  "a zip with paths": {
    files: archive(() => archiveWith("../../X")),
    status: FAILED,
    message: /b\.npz.*"?\.\.\/\.\.\/X/,
  },
  "an object array": {
    files: file(header("|O", "(3, 2)"), "b.npy"),
    status: FAILED,
    message: /dtype object/,
  },
  "a shape product that overflows": {
    files: file(header("<f8", "(4294967296, 4294967296)"), "b.npy"),
    status: FAILED,
    message: /truncated: 147573952589676412928 bytes expected/,
  },
  "a million-element header": {
    files: file(header("<f8", `(${"1, ".repeat(1_000_000)})`), "b.npy"),
    status: FAILED,
    message: /header of at most 10000 bytes expected, found 30\d{5}/,
  },
  "one client where two are needed": {
    files: { "a.csv": good },
    status: WRONG_USAGE,
    message: /1 client, --min-clients is 2/,
  },
  "two files of one client": {
    files: file(good, "a.npz"),
    status: FAILED,
    message: /client "a" has two files/,
  },
  "a folder without partitions": { files: { "x.txt": "" }, status: WRONG_USAGE, message: /no clients/ },
  "more components than features": {
    files: file(good),
    args: ["--pca-components", "3"],
    status: WRONG_USAGE,
    message: /--pca-components must be at most the 2 features, found 3/,
  },
};

const CONFIG = ["[fedkmeans]", 'k-global = "many"'].join("\n");

const USAGE: Record<string, Refusal> = {
  "an unknown option": {
    args: ["--k-globl", "3"],
    status: WRONG_USAGE,
    message: /unknown option '--k-globl'/,
  },
  "an option without its value": { args: ["--k-global"], status: WRONG_USAGE, message: /argument missing/ },
  "k-global 0": {
    args: ["--k-global", "0"],
    status: WRONG_USAGE,
    message: /--k-global must be an integer of at least 1, found 0/,
  },
  "k-global a text": {
    args: ["--k-global", "x"],
    status: WRONG_USAGE,
    message: /--k-global must be .* found "x"/,
  },
  "an infinite tolerance": {
    args: ["--tolerance", "1e999"],
    status: WRONG_USAGE,
    message: /--tolerance must be a number of at least 0, found "1e999"/,
  },
  "k-global nothing": {
    args: ["--k-global", ""],
    status: WRONG_USAGE,
    message: /--k-global must be .* found ""/,
  },
  "a negative tolerance": {
    args: ["--tolerance", "-1"],
    status: WRONG_USAGE,
    message: /--tolerance must be a number of at least 0, found -1/,
  },
  "no threads": {
    args: ["--threads", "0"],
    status: WRONG_USAGE,
    message: /--threads must be .* at least 1, found 0/,
  },
  "an unknown carrier": {
    args: ["--carrier", "pigeon"],
    status: WRONG_USAGE,
    message: /auto or threads or inline/,
  },
  "an argument too many": { args: ["x"], status: WRONG_USAGE, message: /too many arguments/ },
  "lloyd with local iterations": {
    args: ["--algorithm", "lloyd", "--local-iterations", "3"],
    status: WRONG_USAGE,
    message: /--local-iterations must be 1 with algorithm lloyd/,
  },
  "a start that is not there": {
    args: ["--start", "nowhere.npy"],
    status: WRONG_USAGE,
    message: /cannot read the start nowhere\.npy/,
  },
  "a client column beside a folder": {
    files: file(good),
    args: ["--client-column", "a"],
    status: WRONG_USAGE,
    message: /data: --client-column a is for one file of all clients, found a folder/,
  },
  "a feature that is the label too": {
    files: file(good),
    args: ["--columns", "a,b", "--label-column", "b"],
    status: WRONG_USAGE,
    message: /--columns and --label-column must differ, found "b" in both/,
  },
  "no column left for a feature": {
    files: file(good),
    args: ["--drop-columns", "a,b"],
    status: FAILED,
    message: /client a cannot take part: .*a\.csv\): no features: no column is left for them/,
  },
  "a start of a wrong shape": {
    files: { ...file(good), "start.npy": writeNpy(table(2, 2)) },
    args: ["--start", "start.npy"],
    status: WRONG_USAGE,
    message: /--start must hold clusters x features = \(3, 2\) centroids, found \(2, 2\)/,
  },
  "a start of NaN": {
    files: { ...file(good), "start.npy": writeNpy({ shape: [1, 1], data: Float64Array.of(Number.NaN) }) },
    args: ["--start", "start.npy"],
    status: WRONG_USAGE,
    message: /start\.npy: finite numbers expected/,
  },
  "a start of one dimension": {
    files: { ...file(good), "start.npy": writeNpy({ shape: [6], data: new Float64Array(6) }) },
    args: ["--start", "start.npy"],
    status: WRONG_USAGE,
    message: /shape \(clusters, features\) expected, found \(6\)/,
  },
  "a configuration with a bad value": {
    files: { ...file(good), "bad.toml": CONFIG },
    args: ["--config", "bad.toml"],
    status: WRONG_USAGE,
    message: /k-global in bad\.toml must be an integer/,
  },
  "a configuration that is not there": {
    args: ["--config", "gone.toml"],
    status: WRONG_USAGE,
    message: /cannot read the configuration file gone\.toml/,
  },
};

/** Writes the clients into a folder of their own, and what else the run needs beside it. */
async function folderOf(context: TestContext, files: Refusal["files"]): Promise<string> {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "data"));
  const all = typeof files === "function" ? await files() : (files ?? file(good));
  for (const [name, contents] of Object.entries(all)) {
    writeFileSync(/\.toml$|^start/.test(name) ? join(folder, name) : join(folder, "data", name), contents);
  }
  return folder;
}

/** One line, in the command's own voice. */
function assertOneLine(stderr: string, message: RegExp): void {
  const lines = stderr.trimEnd().split("\n");
  const last = lines.at(-1)!;
  assert.match(last, /^fedkmeans: [^\n]{10,500}$/);
  assert.match(last, message);
  const progress = /^(handshake|normalization|PCA|round \d+|note): /;
  for (const line of lines.slice(0, -1)) assert.match(line, progress);
}

for (const [what, { files, args = [], status, message }] of Object.entries({ ...DATA, ...USAGE })) {
  test(`${what}: exit code ${status}, one line, nothing left behind`, async (context) => {
    const cwd = await folderOf(context, files);
    const before = readdirSync(cwd);
    const outcome = fedkmeans(["run", "--data", "data", "--carrier", "inline", ...args], { cwd });
    assertOneLine(outcome.stderr, message);
    assert.equal(outcome.status, status);
    assert.equal(outcome.stdout, "");
    assert.deepEqual(readdirSync(cwd), before);
  });
}

test("refusals of data are the same from worker threads", async (context) => {
  for (const what of ["NaN in an array", "a truncated npz", "other features"]) {
    const cwd = await folderOf(context, DATA[what].files);
    const [inline, threads] = ["inline", "threads"].map((carrier) =>
      fedkmeans(["run", "--data", "data", "--carrier", carrier], { cwd }),
    );
    assert.deepEqual(inline, threads);
  }
});

test("all rows equal: the run fails in one line and its directory says aborted", async (context) => {
  const equal = csv("a,b", ...Array(12).fill("1,2"));
  const cwd = await folderOf(context, { "a.csv": equal, "b.csv": equal });
  const { status, stderr, stdout } = fedkmeans(["run", "--data", "data"], { cwd });
  assertOneLine(stderr, /all rows are equal: .* so there is nothing to cluster/);
  assert.deepEqual([status, stdout], [FAILED, ""]);
  const { status: marked, reason } = json(onlyDirectory(join(cwd, "logs")), "experiment_summary.json");
  assert.equal(marked, "aborted");
  assert.match(reason, /^all rows are equal/);
});

test("a missing folder, no data at all, an unwritable log-dir: who can tell what to change", async (context) => {
  const cwd = await folderOf(context, file(good));
  writeFileSync(join(cwd, "taken"), "");
  const refused = (args: string[], status: number, message: RegExp) => {
    const outcome = fedkmeans(args, { cwd });
    assertOneLine(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  };
  refused(["run", "--data", "nowhere"], WRONG_USAGE, /nowhere: no such file or folder/);
  refused(["run"], WRONG_USAGE, /--data is missing/);
  refused(["run", "--data", "data/a.csv"], WRONG_USAGE, /--client-column/);
  refused(
    ["run", "--data", "data", "--log-dir", "taken"],
    FAILED,
    /cannot make an experiment directory in taken/,
  );
  refused(["verify", "data"], FAILED, /data is no experiment directory/);
  refused(["resume", "nowhere"], FAILED, /nowhere is no experiment directory/);
  refused(["verify"], WRONG_USAGE, /missing required argument 'DIR'/);
  refused(["fly"], WRONG_USAGE, /unknown command 'fly'/);
  assert.equal(existsSync(join(cwd, "logs")), false);
});

test("other commands say what is wrong in one line too, before they begin", (context) => {
  const cwd = temporaryFolder(context);
  mkdirSync(join(cwd, "data"));
  for (const client of ["a", "b"]) writeFileSync(join(cwd, "data", `${client}.csv`), good);
  writeFileSync(join(cwd, "taken"), "");
  const env = { JUPYTER_DATA_DIR: join(cwd, "jupyter") };
  for (const [args, message] of [
    [
      ["run", "--data", "data/a.csv", "data/b.csv"],
      /got 1\. --data takes one path: a folder with one file a client/,
    ],
    [["sweep", "--output", "s"], /--data is missing: name the data of all runs/],
    [["sweep", "--data", "data", "--output", "taken"], /taken: cannot be made a folder: EEXIST/],
    [
      ["sweep", "--data", "data", "--grid", "k-global=2,2", "--output", "s"],
      /the grid names a value of --k-global twice/,
    ],
    [["sweep", "--data", "nowhere", "--output", "s"], /nowhere: no such file or folder$/],
    [["sweep", "--grid", "data=nowhere,taken", "--output", "s"], /nowhere: no such file or folder$/],
    [["choose-k", "--data", "nowhere", "--output", "s"], /nowhere: no such file or folder$/],
    [
      ["choose-k", "--data", "data/a.csv", "--output", "s"],
      /a folder with one file a client expected, .* --client-column/,
    ],
    [["choose-k", "--data", "data", "--output", "taken"], /taken: cannot be made a folder: EEXIST/],
    [["choose-k", "--data", "data", "--algorithm", "em"], /--algorithm must be fkm or lloyd/],
    [
      ["reproduce", "--reference", "taken", "--output", "s"],
      /taken does not hold the data of the study: no folder beta/,
    ],
    [
      ["reproduce", "--reference", "taken/deep", "--output", "s"],
      /taken.deep does not hold the data of the study: no folder beta/,
    ],
    [
      ["reproduce", "--cells", "beta0.1_ppc50_noise1,beta9", "--output", "s"],
      /cells must be names of cells of the study, such as beta0\.1_ppc50_noise1, found "beta9"/,
    ],
    [["kernel", "install", "--name", "a/b"], /a kernel's name must be letters, .* found "a\/b"/],
    [
      ["notebook", "run", "data", "--output", "o.ipynb"],
      /data: cannot be read: no regular file but a folder/,
    ],
  ] as [string[], RegExp][]) {
    const { status, stdout, stderr } = fedkmeans(args, { cwd, env });
    assertOneLine(stderr, message);
    assert.deepEqual([status, stdout], [WRONG_USAGE, ""], args.join(" "));
    assert.deepEqual(readdirSync(cwd), ["data", "taken"]);
  }
});

const GENERATE: [string[], RegExp][] = [
  [["--num-clients", "0"], /--num-clients must be an integer of at least 1, found 0/],
  [["--num-features", "x"], /--num-features must be an integer of at least 1, found "x"/],
  [["--cluster-std", "0"], /--cluster-std must be a number above 0, found 0/],
  [["--non-iid-factor", "1.1"], /--non-iid-factor must be between 0 and 1, found 1\.1/],
  [["--num-clients", "1e6", "--samples-per-client", "1e6"], /must be at most \d+ values in all/],
  [["--beta", "0.1"], /--beta is no option of the scheme blobs/],
  [["--scheme", "paper", "--num-clusters", "3"], /--num-clusters is no option of the scheme paper/],
  [["--scheme", "moons"], /'moons' is invalid.*blobs, paper/],
  [["--output-dir", "taken"], /taken: cannot be made a folder/],
];

test("generate refuses bad options by name and writes nothing", (context) => {
  const cwd = temporaryFolder(context);
  writeFileSync(join(cwd, "taken"), "");
  for (const [args, message] of GENERATE) {
    const { status, stdout, stderr } = fedkmeans(["generate", ...args], { cwd });
    assertOneLine(stderr, message);
    assert.deepEqual([status, stdout], [WRONG_USAGE, ""]);
    assert.deepEqual(readdirSync(cwd), ["taken"]);
  }
});
