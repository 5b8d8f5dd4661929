import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { test } from "node:test";
import {
  type NodeOptions,
  penguinNodes,
  startSuperLink,
  startSuperNode,
} from "../support/flower/deployment.js";
import type { FlowerHome } from "../support/flower/home.js";
import { FLOWER } from "../support/flower/installed.js";
import { assertSameAsHere, withFlower } from "../support/flower/with-flower.js";

/** Milliseconds in which a SuperNode that is refused ends by itself. */
const PATIENCE = 60_000;

test(
  `Flower ${FLOWER.current}: over TLS the nodes of registered keys run, and strangers are refused`,
  withFlower(FLOWER.current, async (home) => {
    const [own, other] = ["own", "other"].map((name) => certificates(home, name));
    const ca = join(own, "ca.crt");
    const files = ["--ssl-certfile", join(own, "server.crt"), "--ssl-keyfile", join(own, "server.key")];
    const superlink = await startSuperLink(home, {
      superlink: ["--ssl-ca-certfile", ca, ...files, "--enable-supernode-auth"],
      supernode: ["--root-certificates", ca],
      connection: { "root-certificates": ca },
    });
    const nodes = penguinNodes(home);
    for (const [i, node] of nodes.entries()) {
      const registered = await home.call("flwr", [
        "supernode",
        "register",
        join(own, `node${i}.pub`),
        "local",
      ]);
      assert.equal(registered.code, 0, registered.output);
      await startSuperNode(home, superlink, withKey(node, own, i));
    }

    const refused = async (node: NodeOptions, reason: RegExp, at = superlink) => {
      const started = await startSuperNode(home, at, node);
      assert.notEqual(await started.exit(PATIENCE), 0);
      assert.match(started.output, reason);
    };
    await refused(withKey(nodes[0], other, 0), /\[code: 2004\] Failed to activate SuperNode/);
    await refused(nodes[0], /\[code: 2001\] SuperNode authentication is enabled/);
    const supernode = ["--root-certificates", join(other, "ca.crt")];
    const deceived = { ...superlink, security: { ...superlink.security, supernode } };
    await refused(withKey(nodes[0], own, 0), /CERTIFICATE_VERIFY_FAILED/, deceived);

    // k-fed asks the fewest times.
    const run = await home.run("local", ["--run-config", 'algorithm="k-fed"']);
    await assertSameAsHere(home, run, ["--algorithm", "k-fed"]);
  }),
);

/** A folder of what flower/certificates.sh makes. */
function certificates(home: FlowerHome, name: string): string {
  const folder = join(home.folder, name);
  execFileSync(resolve("flower", "certificates.sh"), [folder], { stdio: ["ignore", "ignore", "pipe"] });
  return folder;
}

function withKey(node: NodeOptions, folder: string, i: number): NodeOptions {
  return { ...node, args: ["--auth-supernode-private-key", join(folder, `node${i}`)] };
}
