/** What the launcher uses of the TypeScript 5.0 inside tslab, whose types are not installed here. */
export interface TypeScript {
  createWatchCompilerHost(files: string[], options: CompilerOptions, ...rest: unknown[]): CompilerHost;
  createWatchProgram(host: CompilerHost): unknown;
  resolveModuleName(name: string, file: string, options: CompilerOptions, host: CompilerHost): unknown;
  transpileModule(js: string, options: TranspileOptions): { outputText: string; sourceMapText?: string };
  visitEachChild(node: TsNode, visitor: Visitor, context: unknown): TsNode;
  isShorthandPropertyAssignment(node: TsNode): boolean;
  factory: { createPropertyAssignment(name: string, initializer: TsNode): TsNode };
}

export interface CompilerOptions {
  paths?: Record<string, string[]>;
  typeRoots?: string[];
  types?: string[];
  inlineSourceMap?: boolean;
}

export interface TranspileOptions {
  compilerOptions: object;
}

export interface CompilerHost {
  afterProgramCreate?(builder: { getProgram(): { getTypeChecker(): TypeChecker } }): void;
  setTimeout(callback: (...args: unknown[]) => void, milliseconds: number, ...args: unknown[]): unknown;
  clearTimeout(timer: unknown): void;
  resolveModuleNameLiterals?(
    literals: readonly { text: string }[],
    file: string,
    redirected: unknown,
    options: CompilerOptions,
  ): unknown[];
  hasInvalidatedResolutions?(file: string): boolean;
}

export interface TypeChecker {
  getSymbolAtLocation(node: TsNode): unknown;
  getShorthandAssignmentValueSymbol(node: TsNode): unknown;
}

export interface TsNode {
  parent?: TsNode;
  /** Of a shorthand property: its identifier. */
  name?: TsNode & { text: string };
}

export type Visitor = (node: TsNode) => TsNode;
