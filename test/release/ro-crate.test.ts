import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documentOf, penguinRun } from "../support/report.js";
import { temporaryFolder } from "../support/temporary.js";

const python = process.env.ROCRATE;
const skip = python === undefined && "ROCRATE names no Python with roc-validator and rocrate";

/*
 * Asks the validator what of the format a crate does not keep. The context of RO-Crate, which it would ask the network for, is
 * that of the package rocrate: of a later version, which has the terms of this one.
 */
const VALIDATE = `
import io, json, os, sys
import requests, rocrate, urllib3
import rdflib.plugins.shared.jsonld.context as context
import rdflib.plugins.shared.jsonld.util as util

with open(os.path.join(os.path.dirname(rocrate.__file__), "data", "ro-crate.jsonld"), "rb") as file:
    BYTES = file.read()

def isContext(url):
    return isinstance(url, str) and url.startswith("https://w3id.org/ro/crate/") and url.endswith("/context")

read = util.source_to_json
def fromHere(source, *args, **kwargs):
    return (json.loads(BYTES), None) if isContext(source) else read(source, *args, **kwargs)
util.source_to_json = context.source_to_json = fromHere

def send(self, request, **kwargs):
    found = isContext(request.url)
    return self.build_response(request, urllib3.HTTPResponse(
        body=io.BytesIO(BYTES if found else b""), status=200 if found else 404, preload_content=False,
        headers={"Content-Type": "application/ld+json"}, request_url=request.url))
requests.adapters.HTTPAdapter.send = send

from rocrate_validator import models, services
result = services.validate(services.ValidationSettings(
    rocrate_uri=sys.argv[1], profile_identifier="ro-crate-1.1", skip_availability_check=True,
    requirement_severity=models.Severity.REQUIRED, no_cache=True))
print(json.dumps([issue.message for issue in result.get_issues()]))
`;

function problems(crate: string): string[] {
  const { stdout, stderr, status } = spawnSync(python!, ["-c", VALIDATE, crate], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

test("the crate that a report carries is an RO-Crate 1.1, and one without a date is none", {
  skip,
}, async (context) => {
  const crate = join(temporaryFolder(context), "crate");
  const directory = await penguinRun(context);
  cpSync(directory, crate, { recursive: true });
  const [{ name, text }] = documentOf(directory).attachments;
  writeFileSync(join(crate, name), text);
  assert.deepEqual(problems(crate), []);
  writeFileSync(join(crate, name), text.replace(/"datePublished".*\n/, ""));
  assert.match(problems(crate).join(" "), /datePublished/);
});
