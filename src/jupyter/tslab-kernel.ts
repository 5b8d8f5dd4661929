import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../errors.js";
import type { CellError } from "./cell-error.js";
import { compileError, thrownError } from "./tslab-errors.js";
import { answerHistory } from "./tslab-history.js";
import type { Converter, ShellMessage, Socket, Tslab } from "./tslab-modules.js";
import type { CellSources } from "./tslab-sources.js";

/**
 * Milliseconds after a cell failed in which the requests that wait behind it are taken in, to be aborted. What comes
 * after the answer is executed.
 */
const TAKEN_IN = 50;

/**
 * Starts the kernel as tslab's own `startKernel` does, with the messages of Jupyter that tslab 1.0 lacks: what is
 * executed and as which number, and why a cell failed, as an error rather than as text.
 *
 * @param sources says where in a cell an error comes from
 */
export function startKernel(tslab: Tslab, connectionFile: string, sources: CellSources): void {
  let count = 0;
  /** Why the cell that runs has failed. */
  let failure: CellError | null = null;
  let publishError: (error: CellError) => void = () => {};

  const fail = (error: CellError) => {
    failure ??= error;
    publishError(error);
  };
  const executor = tslab.createExecutor(
    process.cwd(),
    converters(tslab, (source, diagnostics) => fail(compileError(source, diagnostics))),
    {
      log: console.log,
      error(...what) {
        // One thing is what a cell threw; of a cell that does not compile tslab says the same again, line by line.
        if (what.length === 1) fail(thrownError(what[0], sources));
        else if (failure === null) console.error(...what);
      },
    },
  );
  process.on("SIGINT", () => executor.interrupt());
  process.on("uncaughtException", (thrown) => fail(thrownError(thrown, sources)));
  process.on("unhandledRejection", (reason) => fail(thrownError(reason, sources)));

  const handler = new tslab.JupyterHandlerImpl(executor, false);
  const server = new tslab.ZmqServer(handler, connectionFile);
  answerHistory(server);
  const bind = server.bindSocket;
  server.bindSocket = (socket, port) => {
    // So that no line is lost, however many a cell prints at once: no limit, and each is handed over at once.
    if (socket === server.iopub) Object.assign(socket, { sendHighWaterMark: 0, sendTimeout: 0 });
    return bind.call(server, socket, port);
  };

  let received = 0;
  let aborted = 0;
  let queue = Promise.resolve();
  server.handleExecute = (socket, request) => {
    const index = received++;
    queue = queue.then(() =>
      index < aborted ? answer(socket, request, { status: "aborted" }) : execute(socket, request),
    );
    return queue;
  };

  async function execute(socket: Socket, request: ShellMessage): Promise<void> {
    const { code, silent = false, store_history = !silent, stop_on_error = true } = request.content;
    if (store_history) count++;
    const publish = publisher(request);
    if (!silent) publish("execute_input", { code, execution_count: count });
    failure = null;
    publishError = (error) => publish("error", error);
    await run(code, publish);
    if (failure === null) {
      const reply = { status: "ok", execution_count: count, payload: [], user_expressions: {} };
      return answer(socket, request, reply);
    }
    if (stop_on_error) {
      await sleep(TAKEN_IN);
      aborted = received;
    }
    answer(socket, request, { status: "error", execution_count: count, ...(failure as CellError) });
  }

  async function run(code: string, publish: Publish): Promise<void> {
    for (const stream of ["stdout", "stderr"] as const) {
      const write = (name: string, text: string) => publish("stream", { name, text });
      process[stream].write = handler.createWriteToIopub(stream, write);
    }
    tslab.setDisplay((content, isUpdate) =>
      publish(isUpdate ? "update_display_data" : "display_data", content),
    );
    sources.begin(count, code);
    try {
      await executor.execute(code);
    } catch (error) {
      fail(thrownError(error, sources));
    }
    // A rejection that nobody awaits is known a turn later.
    await nextTurn();
  }

  function publisher(request: ShellMessage): Publish {
    return (type, content) => send(server.iopub, request, type, content);
  }

  function answer(socket: Socket, request: ShellMessage, content: object): void {
    send(socket, request, "execute_reply", content);
  }

  function send(socket: Socket, request: ShellMessage, type: string, content: object): void {
    const message = request.createReply();
    message.header.msg_type = type;
    message.content = content;
    message.signAndSend(server.connInfo.key, socket);
  }

  server.init().catch((error) => {
    // One without all its ports would be waited for in vain.
    process.stderr.write(`cannot start the kernel: ${messageOf(error)}\n`);
    process.exit(1);
  });
}

type Publish = (type: string, content: object) => void;

/** The compilers, of which that for the browser is rarely needed. */
function converters(tslab: Tslab, onErrors: (...what: Parameters<typeof compileError>) => void) {
  const own = tslab.createConverter({ isJS: false, isBrowser: false });
  let other: Converter | undefined;
  const node: Converter = {
    ...own,
    convert(declared, source) {
      const converted = own.convert(declared, source);
      if (converted.diagnostics.length > 0) onErrors(source, converted.diagnostics);
      return converted;
    },
  };
  return {
    node,
    get browser() {
      other ??= tslab.createConverter({ isJS: false, isBrowser: true });
      return other;
    },
    close() {
      own.close();
      other?.close();
    },
  };
}
