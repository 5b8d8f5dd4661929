import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalHtml } from "#src/jupyter/page/terminal-text.js";

test("what was printed for a terminal is shown as it was last: colours are classes, the rest is text", () => {
  const cases: [string, string][] = [
    ["<b> & \u0007bell", "&lt;b&gt; &amp; bell"],
    ["\u001b[31mred\u001b[39m plain", '<span class="ansi-red">red</span> plain'],
    [
      "\u001b[1m\u001b[91mloud\u001b[0m",
      '<span class="ansi-bold"></span><span class="ansi-bold ansi-red">loud</span>',
    ],
    ["\u001b[38;5;12mother\u001b[m end", "other end"],
    ["\u001b[32mopen", '<span class="ansi-green">open</span>'],
    ["10 %\r50 %\r100 %\nnext\r\n", "100 %\nnext\n"],
    ["\u001b[2K\u001b[1Gline", "line"],
  ];
  for (const [text, html] of cases) assert.equal(terminalHtml(text), html);
});
