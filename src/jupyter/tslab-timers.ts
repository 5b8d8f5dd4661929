import type { CompilerHost } from "./tslab-typescript.js";

/**
 * Repairs a fault of tslab 1.0, which keeps a single timer for TypeScript: a second one, set where a package that an
 * import did not find appears beside the notebook, ends every later cell with "Unexpected pending rebuildTimer". Here
 * that second one is a timer of Node.
 *
 * @param host what tslab gives TypeScript; its timers are replaced
 */
export function separateTimers(host: CompilerHost): void {
  const { setTimeout: setOwn, clearTimeout: clearOwn } = host;
  const separate = new Set<unknown>();
  host.setTimeout = (callback, milliseconds, ...args) => {
    if (callback.name !== "invalidateResolutionsOfFailedLookup") {
      return setOwn.call(host, callback, milliseconds, ...args);
    }
    const timer = setTimeout(() => {
      separate.delete(timer);
      callback(...args);
    }, milliseconds);
    separate.add(timer);
    return timer;
  };
  host.clearTimeout = (timer) => {
    if (separate.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
    else clearOwn.call(host, timer);
  };
}
