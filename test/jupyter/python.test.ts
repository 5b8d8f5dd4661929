import assert from "node:assert/strict";
import { test } from "node:test";
import { tellingLine } from "#src/jupyter/python.js";

const TRACEBACK = `Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/nbclient/client.py", line 497, in cleanup
    assert self.km is not None
           ^^^^^^^^^^^^^^^^^^^
`;

test("of a program's standard error the line that says why it failed is told", () => {
  const cases: [string, string | null][] = [
    ["", null],
    ["\n }\nNode.js v20.15.0\n", null],
    [`${TRACEBACK}AssertionError\n`, null],
    [
      `${TRACEBACK}ImportError: cannot import name 'a' from 'b'\n`,
      "ImportError: cannot import name 'a' from 'b'",
    ],
    [
      // What goes wrong while Python shuts down comes last, and is not why.
      `${TRACEBACK}RuntimeError: Kernel died\nException ignored in atexit callback: <bound method>\n${TRACEBACK}AssertionError: \n`,
      "RuntimeError: Kernel died",
    ],
    [`no port\nException ignored in: <function>\n${TRACEBACK}ValueError: late\n`, "no port"],
    [
      '\u001b[33mWarning\u001b[0m "deno jupyter" is unstable.\n\u001b[1m\u001b[31merror\u001b[0m: Uncaught AddrInUse\nlauncher exit 1\n',
      "error: Uncaught AddrInUse",
    ],
    [
      "node:internal/loader:1\n  throw err;\n  ^\n\nTypeError [ERR_X]: no such file\n    at a (b.js:1)\n}\n\nNode.js v20.15.0\r\n",
      "TypeError [ERR_X]: no such file",
    ],
    ["cannot start the kernel: address in use\nbye\n", "cannot start the kernel: address in use"],
    ["one\r\ntwo\r\n", "two"],
  ];
  for (const [errors, expected] of cases) assert.equal(tellingLine(errors), expected, errors);
});
