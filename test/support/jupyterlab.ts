import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { findDeno } from "#src/jupyter/find-deno.js";
import { findTslab } from "#src/jupyter/find-tslab.js";
import { type Flavour, installKernelspec, KERNEL_NAMES, makeKernelspec } from "#src/jupyter/kernelspec.js";
import { joinLines, type Notebook, type NotebookCell } from "#src/jupyter/notebook-file.js";
import { findChromium } from "./chromium.js";
import { notebookOf } from "./jupyter.js";

/*
 * JupyterLab and Notebook 7, of the virtual environment that `npm run test:all` makes, in a headless Chromium. Both
 * pages offer their application as `jupyterapp`, which says what the notebook holds and what the kernel does.
 */

/** The folder of Jupyter's programs. */
const { JUPYTERLAB } = process.env;
const CHROMIUM: string | null = findChromium();

/** Milliseconds after which what is waited for will not come. */
const PATIENCE = 300_000;

/** Which of the two applications opens a notebook. */
export type App = "lab" | "notebook";

/** For a test's `skip`: false, or why notebooks cannot be opened in JupyterLab with this kernel here. */
export function skipWithoutLab(flavour: Flavour): string | false {
  if (JUPYTERLAB === undefined) return "JUPYTERLAB names no folder with jupyter-lab";
  if (CHROMIUM === null) return "no Chromium on this machine";
  return programOf(flavour) === null && `${flavour} is not installed`;
}

function programOf(flavour: Flavour): string | null {
  return flavour === "tslab" ? findTslab() : findDeno();
}

/** What Lab has to be told for a test: every cell is in the page, and no news are asked for. */
const SETTINGS: Readonly<Record<string, object>> = {
  "notebook-extension/tracker": { windowingMode: "none" },
  "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
};

/** A server with both kernels, and a browser. */
export class Jupyter {
  private constructor(
    private readonly server: ChildProcess,
    private readonly url: string,
    private readonly browser: Browser,
    /** The folder that it serves. */
    readonly root: string,
  ) {}

  /** @param folder that is empty; all that Jupyter writes goes there */
  static async start(folder: string): Promise<Jupyter> {
    const [root, settings, runtime] = ["root", "settings", "runtime"].map((name) => join(folder, name));
    mkdirSync(root);
    for (const [name, values] of Object.entries(SETTINGS)) {
      const file = join(settings, "@jupyterlab", `${name}.jupyterlab-settings`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(values));
    }
    const data = join(folder, "data");
    for (const flavour of ["tslab", "deno"] as const) {
      const program = programOf(flavour);
      if (program !== null) installKernelspec(data, KERNEL_NAMES[flavour], makeKernelspec(flavour, program));
    }
    const server = spawn(
      join(JUPYTERLAB!, "jupyter-lab"),
      [
        ...["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"],
        ...["--IdentityProvider.token=", `--ServerApp.root_dir=${root}`],
        ...["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"],
      ],
      {
        env: {
          ...process.env,
          JUPYTER_PATH: "",
          JUPYTER_DATA_DIR: data,
          JUPYTER_CONFIG_DIR: join(folder, "config"),
          JUPYTER_RUNTIME_DIR: runtime,
          JUPYTERLAB_SETTINGS_DIR: settings,
          JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
          IPYTHONDIR: join(folder, "ipython"),
        },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let said = "";
    server.stderr!.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    try {
      const url = await addressIn(runtime, server, () => said);
      const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
      return new Jupyter(server, url, browser, root);
    } catch (error) {
      server.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends the browser, and the server with its kernels. */
  async stop(): Promise<void> {
    await this.browser.close();
    const ended = new Promise((resolve) => this.server.on("exit", resolve));
    this.server.kill("SIGTERM");
    await ended;
  }

  /**
   * Opens a notebook and waits until its kernel is idle; closed, and its kernel ended, when the test ends.
   *
   * @param path of it, from the root
   */
  async open(test: TestContext, path: string, app: App = "lab"): Promise<OpenNotebook> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const address = app === "lab" ? `lab/workspaces/${Date.now()}/tree/${path}` : `notebooks/${path}`;
    await page.goto(`${this.url}${address}`);
    const notebook = new OpenNotebook(page);
    test.after(async () => {
      await notebook.evaluate("session.shutdown()").catch(() => {});
      await context.close();
    });
    await notebook.untilIdle();
    return notebook;
  }

  /** Writes a notebook below the root, for a kernel: one of ours, or Jupyter's own Python. */
  write(path: string, kernel: Flavour | "python3", notebook: Notebook): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    const name = kernel === "python3" ? kernel : KERNEL_NAMES[kernel];
    const kernelspec = { name, display_name: name };
    writeFileSync(file, JSON.stringify({ ...notebook, metadata: { kernelspec } }));
  }

  /** What an application's console says of a notebook that has nothing to do with us: its own faults. */
  async ownComplaints(test: TestContext, app: App): Promise<Set<string>> {
    const path = `own-${app}.ipynb`;
    this.write(path, "python3", notebookOf(["1 + 1"]));
    const notebook = await this.open(test, path, app);
    await notebook.runAll();
    return new Set(notebook.complaints);
  }
}

/** The address that a server wrote for others to find. */
async function addressIn(runtime: string, server: ChildProcess, said: () => string): Promise<string> {
  for (const late = Date.now() + PATIENCE; Date.now() < late; await sleep(50)) {
    if (server.exitCode !== null) break;
    try {
      const name = readdirSync(runtime).find((file) => /^jpserver-\d+\.json$/.test(file));
      const { url } = JSON.parse(readFileSync(join(runtime, name!), "utf8"));
      if (typeof url === "string") return url;
    } catch {
      // Not yet there, or not yet whole.
    }
  }
  throw new Error(`jupyter-lab does not start: ${said()}`);
}

/** What an expression in the page may name. */
const NAMES = `const panel = jupyterapp.shell.currentWidget;
  const session = panel.sessionContext;
  const notebook = panel.content;
  const code = [...notebook.widgets].filter(({ model }) => model.type === "code");`;

/** Of a cell's `model`. */
const HAS_RUN = `model.executionCount !== null && model.executionState === "idle"`;

/** A notebook in a page. A cell is named by its number among the cells of code, from 0. */
export class OpenNotebook {
  /** Errors and warnings of the page's console, and what its scripts threw. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }

  /** @param expression may name `session`, `notebook` and `code`, the widgets of the cells of code */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(`(() => { ${NAMES} return ${expression}; })()`);
  }

  /** Waits until an expression is true, and says what it was. */
  async until(expression: string): Promise<void> {
    const safely = `(() => { try { ${NAMES} return Boolean(${expression}); } catch { return false; } })()`;
    try {
      await this.page.waitForFunction(safely, undefined, { timeout: PATIENCE });
    } catch (error) {
      const cells = await this.evaluate(
        `[session.session?.kernel?.status, ...code.map(({ model }) => [model.executionCount, model.executionState])]`,
      );
      throw new Error(`never true: ${expression}\n${JSON.stringify(cells)}`, { cause: error });
    }
  }

  async untilIdle(): Promise<void> {
    await this.until(`session.session.kernel.status === "idle"`);
  }

  /** A command of the application, as its menus and keys give it. */
  async command(name: string, args: object = {}): Promise<void> {
    await this.page.evaluate(`jupyterapp.commands.execute("${name}", ${JSON.stringify(args)})`);
  }

  /** Runs all cells, and waits until the last has ended, or one has failed. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
    // tslab's kernel tells of an error as of text.
    const failures = `code.flatMap(({ model }) => model.outputs.toJSON()).filter(
      ({ output_type, name }) => output_type === "error" || name === "stderr")`;
    await this.until(`code.every(({ model }) => ${HAS_RUN}) || ${failures}.length > 0`);
    await this.untilIdle();
    assert.deepEqual(await this.evaluate(failures), []);
  }

  /** Starts a cell, and does not wait for it. */
  async start(cell: number): Promise<void> {
    await this.evaluate(`(notebook.activeCellIndex = notebook.widgets.indexOf(code[${cell}]))`);
    await this.page.evaluate(`(jupyterapp.commands.execute("notebook:run-cell"), null)`);
  }

  /** Waits until a cell has ended. */
  async untilRun(cell: number): Promise<void> {
    await this.until(`[code[${cell}]].every(({ model }) => ${HAS_RUN})`);
  }

  /** What a cell has put out, as the notebook's file has it. */
  outputs(cell: number): Promise<NonNullable<NotebookCell["outputs"]>> {
    return this.evaluate(`code[${cell}].model.outputs.toJSON()`);
  }

  /** Runs a new last cell, and waits for what it says. */
  async answer(source: string): Promise<string> {
    await this.type(source);
    const cell = (await this.evaluate<number>("code.length")) - 1;
    await this.start(cell);
    await this.untilRun(cell);
    const outputs = await this.outputs(cell);
    return outputs.map(({ text, data }) => joinLines(text ?? data?.["text/plain"] ?? "")).join("");
  }

  /** Puts text into a new last cell, with the cursor behind it. */
  async type(text: string): Promise<void> {
    await this.evaluate(`(notebook.activeCellIndex = notebook.widgets.length - 1)`);
    await this.command("notebook:insert-cell-below");
    await this.command("notebook:enter-edit-mode");
    await this.evaluate(`notebook.activeCell.model.sharedModel.setSource(${JSON.stringify(text)})`);
    await this.evaluate(
      `notebook.activeCell.editor.setCursorPosition(notebook.activeCell.editor.getPositionAt(${text.length}))`,
    );
    await this.evaluate(`notebook.activeCell.editor.focus()`);
  }
}
