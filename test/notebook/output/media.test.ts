import assert from "node:assert/strict";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { svgImage } from "#src/markup/html.js";
import { htmlContent, isSvg, svgContent, videoContent } from "#src/notebook/output/media.js";
import { findChromium, pageAfterScripts } from "../../support/chromium.js";
import { temporaryFolder } from "../../support/temporary.js";

const CHROMIUM = findChromium();

test("SVG is a picture, with its title for those who do not see it", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>a &lt; b</title><text>ä</text></svg>';
  assert.deepEqual(svgContent(svg), { svg, text: "(a picture: a < b)" });
  const image = svgImage(svg, 'a "b"');
  assert.match(
    image,
    /^<img alt="a &quot;b&quot;" src="data:image\/svg\+xml;base64,[^"]*" style="background:#fff[^"]*">$/,
  );
  assert.equal(Buffer.from(/base64,([^"]*)/.exec(image)![1], "base64").toString(), svg);
});

test("what a page writes of its SVG becomes a document: its languages are named, and its characters known", () => {
  const { svg, text } = svgContent(
    '<svg><a xlink:href="#x">1&nbsp;000</a><circle><title>a mark</title></circle></svg>',
  );
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  assert.equal(
    svg,
    `<svg ${names}><a xlink:href="#x">1&#160;000</a><circle><title>a mark</title></circle></svg>`,
  );
  assert.match(text, /^\(a picture: \d+ characters of SVG\)$/);
  assert.ok(isSvg('<?xml version="1.0"?>\n<!-- made -->\n<!DOCTYPE svg PUBLIC "a">\n<svg/>'));
  for (const other of ["svg", "<svgs>", "<p><svg/></p>", ""]) assert.ok(!isSvg(other));
});

test("a browser draws what a page writes of its SVG", {
  skip: CHROMIUM === null && "no Chromium here",
}, async (t) => {
  const folder = temporaryFolder(t);
  const outer =
    '<svg width="40" height="30"><text>1&nbsp;000</text><a xlink:href="#x"><circle r="9"></circle></a></svg>';
  const images = [svgContent(outer).svg, outer].map((svg) => svgImage(svg, "plot"));
  const ask = "document.title = [...document.images].map((image) => image.naturalWidth).join()";
  const page = `<meta charset="utf-8">${images.join("")}<script>onload = () => { ${ask}; };</script>`;
  writeFileSync(join(folder, "page.html"), page);
  const drawn = await pageAfterScripts(CHROMIUM!, join(folder, "page.html"), join(folder, "profile"));
  // The second is as it came: no picture at all.
  assert.match(drawn, /<title>40,0<\/title>/);
});

test("the text of HTML is what it says", () => {
  const html = "<style>p { color: red }</style><h2>A &amp; B</h2>\n<p>c&lt;d</p><svg><text>1</text></svg>";
  assert.deepEqual(htmlContent(html), { html, text: "A & B c<d" });
});

test("a small video is in the page, a large one is played from its file, if the notebook's folder has it", (t) => {
  const folder = temporaryFolder(t);
  const small = join(folder, "small.webm");
  writeFileSync(small, "abc");
  assert.match(
    videoContent({ kind: "video", videoPath: small }).html!,
    /^<video [^>]*src="data:video\/webm;base64,YWJj">/,
  );
  const here = process.cwd();
  t.after(() => process.chdir(here));
  process.chdir(folder);
  mkdirSync("a b");
  for (const name of ["a b/ä.mp4", "large.gif"]) {
    writeFileSync(name, "");
    truncateSync(name, 31_000_000);
  }
  const large = videoContent({ kind: "video", videoPath: join("a b", "ä.mp4") });
  assert.match(
    large.html!,
    /<video [^>]*src="a%20b\/%C3%A4\.mp4"><\/video><p><a href="a%20b\/%C3%A4\.mp4"[^>]*>a b\/ä\.mp4<\/a> \(31\.0 MB, /,
  );
  assert.equal(large.text, "a b/ä.mp4 (31.0 MB)");
  assert.match(
    videoContent({ kind: "video", videoPath: join(folder, "large.gif") }).html!,
    /<img [^>]*src="large\.gif"/,
  );
  process.chdir("a b");
  assert.deepEqual(videoContent({ kind: "video", videoPath: join("..", "large.gif") }), {
    text: "../large.gif (31.0 MB)",
  });
});
