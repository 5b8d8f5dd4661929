import { existsSync, realpathSync } from "node:fs";
import { jsonObjectOf, readPlainFile } from "../../directory/json-object.js";
import { RunError } from "../../errors.js";
import { VERSION } from "../../files/package-root.js";
import { attachmentsOf, MAX_PAGE_BYTES } from "./attachments.js";
import { readFacts } from "./facts.js";
import { checksumOf, runFiles } from "./files.js";
import { reportHtml } from "./html.js";
import { PAGE_RECORD, readPageRecord } from "./page-record.js";
import { reportOf } from "./report.js";

/** What comparing a page with a directory came to. */
export interface PageCheck {
  /** Whether the page is what this directory gives. */
  readonly isSame: boolean;
  /** In one line. */
  readonly said: string;
}

/**
 * Compares the page of a report with an experiment directory: what it says of itself, and then every byte with the page that
 * the directory gives with the same options.
 *
 * @throws RunError if the page is none of `fedkmeans report`, or the directory none of an experiment
 */
export function checkReport(pagePath: string, directory: string): PageCheck {
  const page = readPlainFile(
    existsSync(pagePath) ? realpathSync(pagePath) : pagePath,
    MAX_PAGE_BYTES,
  ).toString("utf8");
  const text = attachmentsOf(page).get(PAGE_RECORD);
  if (text === undefined)
    throw new RunError(`${pagePath}: a page that fedkmeans report made of one run expected`);
  const record = readPageRecord(jsonObjectOf(text, `${pagePath}: ${PAGE_RECORD}`));
  const facts = readFacts(directory);
  const differs = (what: string): PageCheck => ({
    isSame: false,
    said: `${pagePath} is not of ${directory}: ${what}`,
  });
  if (record.runHash !== facts.runHash) {
    return differs(
      `the page is of run ${record.runHash.slice(0, 12)}, the directory of run ${facts.runHash.slice(0, 12)}`,
    );
  }
  if (!facts.verified.isGood)
    return differs(`the directory is not as it was written: ${facts.verified.problem}`);
  const files = runFiles(directory);
  if (record.files !== (files && checksumOf(files))) {
    return differs("the directory's files are not those that the page was made from");
  }
  if (record.fedkmeans !== VERSION) {
    return differs(
      `fedkmeans ${record.fedkmeans} made the page, which this version, ${VERSION}, cannot make again; run hash and files are the same`,
    );
  }
  const expected = reportHtml(reportOf(facts, record.options));
  if (expected === page)
    return { isSame: true, said: `${pagePath} is of ${directory}: every byte is the same` };
  return differs(firstDifference(page, expected));
}

/** Characters on each side that are shown. */
const SHOWN = 40;

function firstDifference(page: string, expected: string): string {
  let at = 0;
  while (at < page.length && page[at] === expected[at]) at++;
  const line = page.slice(0, at).split("\n").length;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - SHOWN / 2), at + SHOWN));
  return `line ${line} of the page has ${around(page)}, the directory gives ${around(expected)}`;
}
