import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";

const SCRIPT = resolve("flower", "certificates.sh");
const skip = ["openssl", "ssh-keygen"].some(
  (program) => spawnSync(program, ["--version"]).error !== undefined,
)
  ? "openssl and ssh-keygen are not both installed"
  : false;

const certificates = (cwd: string, args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(SCRIPT, args, { cwd, encoding: "utf8", env: { ...process.env, ...env } });

test("certificates.sh makes what a SuperLink and its nodes need, for its owner only", { skip }, (context) => {
  const parent = temporaryFolder(context);
  const folder = join(parent, "certificates");
  const { status, stdout, stderr } = certificates(
    parent,
    ["certificates", "flower.example.org", "192.0.2.7", "2001:db8::1"],
    {
      NODES: "2",
    },
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /keys of 2 nodes/);
  const files = ["ca.crt", "ca.key", "node0", "node0.pub", "node1", "node1.pub", "server.crt", "server.key"];
  assert.deepEqual(readdirSync(folder).sort(), files);
  for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file);

  const [authority, server] = ["ca.crt", "server.crt"].map(
    (file) => new X509Certificate(readFileSync(join(folder, file))),
  );
  assert.ok(authority.ca && !server.ca);
  assert.ok(server.checkIssued(authority) && server.verify(authority.publicKey));
  assert.ok(server.checkHost("flower.example.org") && server.checkHost("localhost"));
  for (const address of ["127.0.0.1", "192.0.2.7", "2001:db8::1"])
    assert.ok(server.checkIP(address), address);
  assert.equal(server.checkHost("other.example.org"), undefined);
  assert.match(readFileSync(join(folder, "node1.pub"), "utf8"), /^ecdsa-sha2-nistp384 /);
});

test("certificates.sh overwrites nothing, and leaves nothing of what it refuses", { skip }, (context) => {
  const parent = temporaryFolder(context);
  const refuses = (args: readonly string[], status: number, line: RegExp, env = {}) => {
    const refused = certificates(parent, args, env);
    assert.equal(refused.status, status);
    assert.match(refused.stderr, line);
    assert.equal(refused.stderr.split("\n").length, 2, "one line");
  };
  refuses([], 2, /^certificates.sh: usage: certificates.sh FOLDER/);
  refuses(["certificates", "two words"], 2, /a host name or an IP address expected, found 'two words'/);
  refuses(["certificates"], 2, /NODES: a number expected, found few/, { NODES: "few" });
  assert.equal(certificates(parent, ["certificates", "300.0.0.1"]).status, 1);
  assert.deepEqual(readdirSync(parent), []);

  assert.equal(certificates(parent, ["certificates"]).status, 0);
  const before = readFileSync(join(parent, "certificates", "ca.key"), "utf8");
  refuses(["certificates"], 1, /is there already: nothing is overwritten/);
  assert.equal(readFileSync(join(parent, "certificates", "ca.key"), "utf8"), before);
  assert.deepEqual(readdirSync(parent), ["certificates"]);
});
