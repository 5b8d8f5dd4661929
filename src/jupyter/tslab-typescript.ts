/** What the launcher uses of the TypeScript 5.0 inside tslab, whose types are not installed here. */
export interface TypeScript {
  createWatchCompilerHost(files: string[], options: CompilerOptions, ...rest: unknown[]): CompilerHost;
  createWatchProgram(host: CompilerHost): unknown;
  resolveModuleName(name: string, file: string, options: CompilerOptions, host: CompilerHost): unknown;
  transpileModule(js: string, options: TranspileOptions): { outputText: string; sourceMapText?: string };
  visitEachChild(node: TsNode, visitor: Visitor, context: unknown): TsNode;
  isShorthandPropertyAssignment(node: TsNode): boolean;
  isCallExpression(node: TsNode): boolean;
  findPrecedingToken(position: number, file: TsNode): TsNode | undefined;
  findAncestor(node: TsNode | undefined, is: (node: TsNode) => boolean): TsNode | undefined;
  /** What a language server says where the pointer rests. */
  getQuickInfoAtPosition: QuickInfoOf;
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
  getTypeAtLocation(node: TsNode): TsType;
  getTypeOfSymbolAtLocation(symbol: TsSymbol, node: TsNode): TsType;
  getNonNullableType(type: TsType): TsType;
}

export interface TsType {
  flags: number;
  getCallSignatures(): { getParameters(): TsSymbol[] }[];
  getProperties(): TsSymbol[];
}

export interface TsSymbol {
  name: string;
  flags: number;
  getDocumentationComment(checker: TypeChecker): { text: string }[];
}

export type QuickInfoOf = (
  file: TsNode,
  checker: TypeChecker,
  cancellation: unknown,
  position: number,
) => QuickInfo | undefined;

export interface QuickInfo {
  textSpan: { start: number; length: number };
  displayParts?: { text: string }[];
  documentation?: { text: string }[];
  tags?: { name: string; text?: { text: string }[] }[];
}

export interface TsNode {
  parent?: TsNode;
  /** Of a shorthand property: its identifier. */
  name?: TsNode & { text: string };
  /** Of a call: the function. */
  expression?: TsNode;
  /** Where it ends in its file. */
  end: number;
}

export type Visitor = (node: TsNode) => TsNode;
