import { relative } from "node:path";
import { inspect } from "node:util";

/*
 * A reporter for node --test: failures whole, skipped tests with their reason, the files that took longest, and the
 * runner's own closing lines.
 */

const SLOWEST = 12;

export default async function* report(source) {
  const seconds = new Map();
  const closing = [];
  for await (const { type, data } of source) {
    if (type === "test:diagnostic" && data.nesting === 0 && /^[a-z_]+ [\d.]+$/.test(data.message)) {
      closing.push(data.message);
    } else if (type === "test:pass" || type === "test:fail") {
      const file = data.file === undefined ? "" : relative(process.cwd(), data.file);
      if (data.nesting === 0) seconds.set(file, (seconds.get(file) ?? 0) + data.details.duration_ms / 1000);
      if (typeof data.skip === "string") yield `skipped: ${data.name}: ${data.skip}\n`;
      if (type === "test:fail" && data.todo === undefined) {
        const { cause = data.details.error } = data.details.error;
        yield `FAILED: ${data.name}\n  ${file}\n${(cause.stack ?? inspect(cause)).replace(/^/gm, "  ")}\n`;
      }
    } else if (type === "test:stderr") {
      yield data.message;
    }
  }
  const slowest = [...seconds].sort((a, b) => b[1] - a[1]).slice(0, SLOWEST);
  yield `Slowest: ${slowest.map(([file, time]) => `${file} ${time.toFixed(1)} s`).join(", ")}\n`;
  for (const line of closing) yield `# ${line}\n`;
}
