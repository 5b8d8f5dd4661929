/* What the launcher uses of tslab 1.0, whose types are not installed here. */

export interface Converter {
  convert(declared: string, source: string): { diagnostics: Diagnostic[] };
  close(): void;
}

/** What the compiler finds wrong; lines and columns are counted from 0. */
export interface Diagnostic {
  start: { line: number; character: number; offset: number };
  end: { offset: number };
  messageText: string;
  /** Codes below 2000 are of syntax. */
  code: number;
  /** The file it is in; none if it is the cell. */
  fileName?: string;
}

export interface Executor {
  /** @returns whether the cell succeeded; why not was given to the console's `error` */
  execute(code: string): Promise<boolean>;
  interrupt(): void;
}

/** A message of Jupyter on the shell channel, as tslab parses it. */
export interface ShellMessage {
  header: { msg_type: string };
  content: { code: string; silent?: boolean; store_history?: boolean; stop_on_error?: boolean };
  createReply(): {
    header: { msg_type: string };
    content: object;
    signAndSend(key: string, to: Socket): void;
  };
}

/** One of the library zeromq. */
export interface Socket {
  send(frames: Buffer[]): Promise<void>;
}

/** Positions are counted in the code's UTF-16 units. */
export interface CompleteRequest {
  code: string;
  cursor_pos: number;
}

export interface CompleteReply {
  status: string;
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: object;
}

export interface Handler {
  handleComplete(request: CompleteRequest): CompleteReply;
  createWriteToIopub(
    stream: "stdout" | "stderr",
    write: (name: string, text: string) => void,
  ): NodeJS.WriteStream["write"];
}

export interface Server {
  connInfo: { key: string };
  iopub: Socket;
  bindSocket(socket: Socket, port: number): Promise<void>;
  handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void>;
  handleExecute(socket: Socket, request: ShellMessage): Promise<void>;
  init(): Promise<void>;
}

export interface Tslab {
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  createExecutor(
    folder: string,
    converters: { node: Converter; browser: Converter; close(): void },
    console: { log(...what: unknown[]): void; error(...what: unknown[]): void },
  ): Executor;
  JupyterHandlerImpl: new (executor: Executor, isJs: boolean) => Handler;
  ZmqServer: new (handler: Handler, connectionFile: string) => Server;
  /** Says what `display` of tslab does from now on. */
  setDisplay(write: (content: object, isUpdate: boolean) => void): void;
}

/** @param tslabRequire requires from tslab's own folder */
export function loadTslab(tslabRequire: NodeJS.Require): Tslab {
  const jupyter = tslabRequire("./dist/jupyter.js");
  return {
    createConverter: tslabRequire("./dist/converter.js").createConverter,
    createExecutor: tslabRequire("./dist/executor.js").createExecutor,
    JupyterHandlerImpl: jupyter.JupyterHandlerImpl,
    ZmqServer: jupyter.ZmqServer,
    setDisplay(write) {
      jupyter.lastWriteDisplayData = write;
    },
  };
}
