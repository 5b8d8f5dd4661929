import { basename } from "node:path";
import { escapeMarkup } from "../../markup/html.js";
import type { Report } from "../report.js";
import type { Content } from "./frontend.js";

/** A link to the page, which a browser opens beside the notebook. */
export function reportContent({ reportPath }: Report): Content {
  const address = reportPath.split(/[\\/]/).map(encodeURIComponent).join("/");
  const name = escapeMarkup(basename(reportPath));
  return {
    html: `<p>Report: <a href="${escapeMarkup(address)}" target="_blank">${name}</a></p>`,
    text: `(a report: ${reportPath})`,
  };
}
