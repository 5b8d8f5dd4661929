import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  installKernelspec,
  listKernels,
  makeKernelspec,
  uninstallKernelspec,
} from "#src/jupyter/kernelspec.js";
import { skipWithoutKernel } from "../support/jupyter.js";
import { runPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

test("Jupyter finds a kernel that was installed, and does not after it was uninstalled", {
  skip: skipWithoutKernel("deno"),
}, (t) => {
  const dataDir = temporaryFolder(t);
  installKernelspec(dataDir, "fedkmeans", makeKernelspec("tslab", "/opt/tslab"));
  const spec = () =>
    JSON.parse(
      runPython(
        "import json, sys; from jupyter_client.kernelspec import KernelSpecManager as M\n" +
          "m = M(kernel_dirs=[sys.argv[1]], ensure_native_kernel=False)\n" +
          "print(json.dumps({n: s['spec'] for n, s in m.get_all_specs().items()}))",
        [join(dataDir, "kernels")],
      ),
    );
  assert.equal(spec().fedkmeans.display_name, "TypeScript (fedkmeans)");
  assert.equal(spec().fedkmeans.language, "typescript");
  const [node, launcher, program, connection] = spec().fedkmeans.argv;
  assert.deepEqual([node, program, connection], [process.execPath, "/opt/tslab", "{connection_file}"]);
  assert.ok(existsSync(launcher), launcher);

  uninstallKernelspec(dataDir, "fedkmeans");
  assert.deepEqual(spec(), {});
  assert.deepEqual(readdirSync(join(dataDir, "kernels")), []);
});

test("kernels of others are neither listed, nor replaced, nor removed", (t) => {
  const dataDir = temporaryFolder(t);
  const foreign = join(dataDir, "kernels", "python3");
  mkdirSync(foreign, { recursive: true });
  writeFileSync(join(foreign, "kernel.json"), '{"argv": ["python3"], "display_name": "Python"}');
  installKernelspec(dataDir, "mine", makeKernelspec("deno", "/opt/deno", "Mine"));
  assert.deepEqual(
    listKernels(dataDir).map(({ name, spec }) => [name, spec.display_name]),
    [["mine", "Mine"]],
  );
  const spec = makeKernelspec("deno", "/opt/deno");
  assert.throws(
    () => installKernelspec(dataDir, "python3", spec),
    /python3 is a kernel that fedkmeans did not install/,
  );
  assert.throws(() => uninstallKernelspec(dataDir, "python3"), {
    name: "UsageError",
    message: `no kernel of fedkmeans is named "python3" in ${dataDir}: expected mine`,
  });
});

test("a name that Jupyter does not allow is refused", (t) => {
  const dataDir = temporaryFolder(t);
  const spec = makeKernelspec("deno", "/opt/deno");
  for (const name of ["", "a b", "../up", "ä", ".", "..", "-x"]) {
    assert.throws(() => installKernelspec(dataDir, name, spec), {
      name: "UsageError",
      message: /^a kernel's name must be/,
    });
  }
  assert.deepEqual(readdirSync(dataDir), []);
});
