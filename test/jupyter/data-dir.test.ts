import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDataDir } from "#src/jupyter/data-dir.js";
import { skipWithoutKernel } from "../support/jupyter.js";
import { runPython } from "../support/python.js";

test("kernels go where jupyter_core looks for them, whatever the environment says", {
  skip: skipWithoutKernel("deno"),
}, () => {
  const environments: NodeJS.ProcessEnv[] = [
    { HOME: "/home/ada" },
    { HOME: "/home/ada", XDG_DATA_HOME: "/big/share" },
    { HOME: "/home/ada", XDG_DATA_HOME: "/big/share", JUPYTER_DATA_DIR: "/lab/jupyter" },
  ];
  const script =
    "import json, os, sys\n" +
    "for env in json.load(sys.stdin):\n" +
    "    for name in ('XDG_DATA_HOME', 'JUPYTER_DATA_DIR'): os.environ.pop(name, None)\n" +
    "    os.environ.update(env)\n" +
    "    from jupyter_core.paths import jupyter_data_dir\n" +
    "    print(jupyter_data_dir())\n";
  const expected = runPython(script, [], JSON.stringify(environments)).trim().split("\n");
  assert.deepEqual(
    environments.map((env) => jupyterDataDir(env, "linux", "/home/ada")),
    expected,
  );
});

test("kernels go to the platform's own folder on macOS and Windows", () => {
  assert.equal(jupyterDataDir({}, "darwin", "/Users/ada"), "/Users/ada/Library/Jupyter");
  assert.match(jupyterDataDir({ APPDATA: "C:\\Ada" }, "win32", "C:\\Users\\ada"), /^C:\\Ada[\\/]jupyter$/);
});
