/** Characters from which on an output is waited for. */
const LARGE = 500_000;

/** Characters that are printed at once, and milliseconds after them. */
const PIECE = 100_000;
const PAUSE = 10;

/**
 * Code for Deno's kernel, which publishes the next message before it has written a large one, so that both are spoiled
 * and nothing is shown any more. With it a large output lasts until it has passed. Text that is printed cannot be
 * waited for, so it is printed in pieces, with pauses.
 *
 * It declares `publish`, which takes what `Deno.jupyter.broadcast` takes.
 *
 * @param host where `listenForLarge` listens
 */
export function waitForLarge(host: string, port: number): string {
  return `
    const plainly = Deno.jupyter.broadcast;
    const publish = async (type, content, options) => {
      const size = JSON.stringify(content)?.length ?? 0;
      if (size < ${LARGE}) return plainly(type, content, options);
      const passed = await Deno.connect({ hostname: ${JSON.stringify(host)}, port: ${port} });
      try {
        const byte = new Uint8Array(1);
        await passed.write(new TextEncoder().encode(String(size)));
        await passed.read(byte);
        await plainly(type, content, options);
        await passed.read(byte);
      } finally {
        passed.close();
      }
    };
    Deno.jupyter.broadcast = publish;
    Deno.jupyter.display = async (value, { raw = false, update = false, display_id } = {}) => {
      const data = await Deno[Deno.internal].jupyter.formatInner(value, raw);
      const transient = display_id === undefined ? {} : { display_id };
      await publish(update ? "update_display_data" : "display_data", { data, metadata: {}, transient });
    };
    const { core } = Deno[Deno.internal];
    const still = new Int32Array(new SharedArrayBuffer(4));
    for (const name of ["log", "info", "debug", "warn", "error"]) {
      const print = console[name];
      console[name] = (...values) => {
        if (!values.some((value) => typeof value === "string" && value.length >= ${LARGE})) return print(...values);
        const text = Deno[Deno.internal].inspectArgs(values, { colors: false }) + "\\n";
        for (let at = 0; at < text.length; at += ${PIECE}) {
          core.print(text.slice(at, at + ${PIECE}), name === "warn" || name === "error");
          Atomics.wait(still, 0, 0, ${PAUSE});
        }
      };
    }`;
}
