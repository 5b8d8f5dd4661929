import { createHash } from "node:crypto";
import { THEMES, type ThemeName } from "../scene/marks/theme.js";
import { escaped } from "./escaped.js";

/** What a page is put together of. */
export interface PageParts {
  /** Of the run. */
  readonly title: string;
  /** One line about it. */
  readonly about: string;
  /** What is wrong with it; null where nothing is. */
  readonly note: string | null;
  /** The program and the style that were bundled. */
  readonly script: string;
  readonly style: string;
  /** The run, packed and compressed. */
  readonly run: Uint8Array;
  /** Whether clients added noise to what they sent. */
  readonly isNoisy: boolean;
  /** Its result, as HTML. */
  readonly tables: string;
  /** null: as the reader's system has it. */
  readonly theme: ThemeName | null;
}

/** Puts the page together. It needs nothing but itself: its own policy forbids it to ask for more. */
export function pageHtml(parts: PageParts): string {
  const style = `${colours()}${parts.style.trim()}`;
  const script = parts.script.trim().replaceAll("</script", "<\\/script");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const theme = parts.theme === null ? "" : ` data-theme="${parts.theme}"`;
  const note = parts.note === null ? "" : `\n<p class="note">${escaped(parts.note)}</p>`;
  return `<!doctype html>
<html lang="en"${theme}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escaped(parts.about)}">
<title>${escaped(parts.title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(parts.title)}</h1>
<p>${escaped(parts.about)}</p>${note}
</header>
<main>
<figure id="figure" hidden>
<div id="stage"><canvas id="picture" role="img" tabindex="0" aria-label="The run, drawn"></canvas><div id="facts" role="tooltip" hidden></div></div>
<figcaption id="caption" aria-live="polite"></figcaption>
${CONTROLS}
</figure>
<p id="trouble" class="note" role="alert" hidden></p>
<noscript><p class="note">The run is drawn by a script, which is switched off here. Its result stands below.</p></noscript>
<section aria-labelledby="result">
<h2 id="result">Result</h2>
${parts.tables}
</section>
</main>
<footer><p>Federated k-means: rows stay with each client, only ${parts.isNoisy ? "noisy sums and counts" : "means and counts"} travel. Positions of rows in this page are rounded to the 20,000th part of an axis.</p></footer>
<script id="run" type="application/octet-stream">${Buffer.from(parts.run).toString("base64")}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The digest by which a policy knows a script or a style. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The colours of both themes as the style names them. */
function colours(): string {
  const of = (name: ThemeName) =>
    Object.entries(THEMES[name])
      .filter(([, value]) => value.startsWith("#"))
      .map(([key, value]) => `--${key}:${value}`)
      .join(";");
  return `:root{color-scheme:light;${of("light")}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${of("dark")}}}
:root[data-theme=dark]{color-scheme:dark;${of("dark")}}
@media print{:root:root{color-scheme:light;${of("light")}}}
`;
}

function icon(path: string): string {
  return `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="${path}"/></svg>`;
}

function button(id: string, label: string, keys: string, path: string): string {
  return `<button type="button" id="${id}" aria-label="${label}" aria-keyshortcuts="${keys}" title="${label}">${icon(path)}</button>`;
}

const CONTROLS = `<div id="controls" role="group" aria-label="Playback">
<div class="buttons">
${button("first", "First picture (Home)", "Home", "M6 5h2v14H6zM20 5v14l-11-7z")}
${button("back", "One stage back (left arrow)", "ArrowLeft", "M18 5v14L7 12z")}
${button("play", "Play (space)", "Space", "M7 4v16l13-8z")}
${button("next", "One stage on (right arrow)", "ArrowRight", "M6 5v14l11-7z")}
${button("last", "Last picture (End)", "End", "M16 5h2v14h-2zM4 5v14l11-7z")}
</div>
<label class="rounds"><span id="round-text">Round</span><input type="range" id="round" min="0" max="0" value="0" step="1" aria-label="Round"></label>
<div class="stages" role="group" aria-label="What is shown">
<button type="button" id="whole" aria-keyshortcuts="0" title="The whole run in motion (0)">Whole</button>
<button type="button" id="local" aria-keyshortcuts="1" title="Local (1)">Local</button>
<button type="button" id="aggregation" aria-keyshortcuts="2" title="Aggregation (2)">Aggregation</button>
<button type="button" id="global" aria-keyshortcuts="3" title="Global (3)">Global</button>
</div>
<div class="choices">
<label>Follow <select id="follow" title="Everything else fades. In the picture: point at it, click to keep."><option value="">everything</option></select></label>
<label>Speed <select id="speed"><option value="0.25">¼×</option><option value="0.5">½×</option><option value="1" selected>1×</option><option value="2">2×</option><option value="4">4×</option></select></label>
<button type="button" id="theme" aria-label="Light or dark (T)" aria-keyshortcuts="T" title="Light or dark (T)">${icon("M12 3a9 9 0 1 0 0 18zM12 3v18a9 9 0 0 0 0-18zm0 2a7 7 0 0 1 0 14z")}</button>
<button type="button" id="help" aria-label="Keys (?)" aria-keyshortcuts="?" title="Keys (?)" aria-expanded="false" aria-controls="keys">?</button>
</div>
</div>
<dl id="keys" hidden>
<div><dt><kbd>Space</kbd></dt><dd>play, pause</dd></div>
<div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>one stage back, on</dd></div>
<div><dt><kbd>↑</kbd> <kbd>↓</kbd></dt><dd>one round on, back</dd></div>
<div><dt><kbd>Home</kbd> <kbd>End</kbd></dt><dd>first, last picture</dd></div>
<div><dt><kbd>0</kbd></dt><dd>the whole run in motion</dd></div>
<div><dt><kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd></dt><dd>local, aggregation, global</dd></div>
<div><dt><kbd>T</kbd></dt><dd>light, dark</dd></div>
<div><dt>point, click</dt><dd>follow a mean, a row’s cluster or a client; keep following</dd></div>
<div><dt><kbd>Esc</kbd></dt><dd>follow nothing</dd></div>
</dl>`;
