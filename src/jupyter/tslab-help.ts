import type {
  QuickInfo,
  QuickInfoOf,
  TsNode,
  TsSymbol,
  TypeChecker,
  TypeScript,
} from "./tslab-typescript.js";

/** TypeScript's flag of a property that need not be there. */
const OPTIONAL = 1 << 24;
/** TypeScript's flags of types that have properties of their own: an object, an intersection of some. */
const OBJECTS = (1 << 19) | (1 << 21);
/** Letters of a setting's description: the rest is said where the cursor is on the setting. */
const MAX_LETTERS = 90;

/**
 * Has Shift+Tab say more than the function's type: also between a call's parentheses it is about the function, and
 * below stand the settings that it takes.
 *
 * @returns what replaces a function of the TypeScript inside tslab
 */
export function explainCalls(ts: TypeScript): Pick<TypeScript, "getQuickInfoAtPosition"> {
  const callAround: QuickInfoOf = (file, checker, token, position) => {
    const call = ts.findAncestor(
      ts.findPrecedingToken(position, file),
      (node) => ts.isCallExpression(node) && node.expression!.end < position,
    );
    const end = call?.expression?.end;
    return end === undefined ? undefined : ts.getQuickInfoAtPosition(file, checker, token, end);
  };
  return {
    getQuickInfoAtPosition(file, checker, token, position) {
      const info =
        ts.getQuickInfoAtPosition(file, checker, token, position) ??
        callAround(file, checker, token, position);
      if (info === undefined) return undefined;
      const named = ts.findPrecedingToken(info.textSpan.start + info.textSpan.length, file);
      const settings = named === undefined ? [] : settingsOf(checker, named);
      if (settings.length === 0) return info;
      const text = [{ text: `\n${settings.join("\n")}` }];
      return { ...info, tags: [...(info.tags ?? []), { name: "settings", text }] };
    },
  };
}

/** A line for each property of the function's parameters that one may leave out, and of those beside them. */
function settingsOf(checker: TypeChecker, named: TsNode): string[] {
  const typeOf = (symbol: TsSymbol) => checker.getTypeOfSymbolAtLocation(symbol, named);
  const [signature] = checker.getTypeAtLocation(named).getCallSignatures();
  const properties = (signature?.getParameters() ?? [])
    .map((parameter) => checker.getNonNullableType(typeOf(parameter)))
    .filter((type) => type.flags & OBJECTS && type.getCallSignatures().length === 0)
    .map((type) => type.getProperties())
    .filter((all) => all.some(isOptional))
    .flat();
  const described = properties.map((property) => ({
    name: property.name,
    said: property
      .getDocumentationComment(checker)
      .map(({ text }) => text)
      .join(""),
  }));
  const width = Math.max(0, ...described.map(({ name }) => name.length));
  return described.map(({ name, said }) => `  ${name.padEnd(width)}  ${inShort(said)}`.trimEnd());
}

function isOptional({ flags }: TsSymbol): boolean {
  return (flags & OPTIONAL) !== 0;
}

function inShort(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MAX_LETTERS
    ? line
    : `${line
        .slice(0, MAX_LETTERS - 3)
        .replace(/[ ,;:.]*[^ ]*$/, "")
        .replace(/[.;] Default$/, "")} ...`;
}

/** What Shift+Tab shows: the type, the description, and each tag of it by its name. */
export function describe({ displayParts = [], documentation = [], tags = [] }: QuickInfo): string {
  const textOf = (parts: readonly { text: string }[]) => parts.map(({ text }) => text).join("");
  const type = textOf(displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\n(export|import) .*$/, "");
  const told = tags.map(({ name, text = [] }) => {
    const said = textOf(text);
    if (name === "settings") return `\nsettings${said}`;
    return name === "example" ? `\n@example\n${indented(said)}` : `@${name} ${said}`.trimEnd();
  });
  return [type, textOf(documentation), told.join("\n")].filter((part) => part !== "").join("\n\n");
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
