import { escapeMarkup } from "./html.js";

/** A whole page in one file, without what it shows. */
export interface PageFrame {
  /** A text, its characters escaped. */
  readonly title: string;
  /** What the page may load and run, as the header Content-Security-Policy says it. */
  readonly policy: string;
  readonly style: string;
  /** Words of the link that leads keyboards past the contents, to the element `main`. */
  readonly skip: string;
  /** Markup of the body. */
  readonly body: string;
}

/** An HTML document of English text that says of itself what it may load. */
export function pageFrame({ title, policy, style, skip, body }: PageFrame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="fedkmeans">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">${escapeMarkup(skip)}</a>
${body}
</body>
</html>
`;
}
