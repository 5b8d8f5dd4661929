import type { CompilerHost, TsNode, TypeChecker, TypeScript, Visitor } from "./tslab-typescript.js";

/**
 * Repairs a fault of tslab 1.0: in `{ data, kGlobal: 3 }`, where `data` comes from an earlier cell, it does not
 * see that the shorthand names that variable, and the cell ends with "data is not defined". Here the compiler
 * tells it so, and `{ data }` is read as `{ data: data }`.
 *
 * @param host what tslab gives TypeScript; the programs made with it see through shorthands
 */
export function seeShorthand(ts: TypeScript, host: CompilerHost): void {
  const created = host.afterProgramCreate;
  host.afterProgramCreate = (builder) => {
    seeThroughShorthand(ts, builder.getProgram().getTypeChecker());
    created?.call(host, builder);
  };
}

/** @returns what replaces a function of the TypeScript inside tslab: reads `{ data }` as `{ data: data }` */
export function expandShorthand(ts: TypeScript): Pick<TypeScript, "visitEachChild"> {
  return {
    visitEachChild(node, visitor, context) {
      const expand: Visitor = (child) =>
        ts.isShorthandPropertyAssignment(child)
          ? ts.factory.createPropertyAssignment(child.name!.text, visitor(child.name!))
          : visitor(child);
      return ts.visitEachChild(node, expand, context);
    },
  };
}

/** Makes the symbol of a shorthand's name the variable, not the property. */
function seeThroughShorthand(ts: TypeScript, checker: TypeChecker): void {
  const symbolAt = checker.getSymbolAtLocation;
  checker.getSymbolAtLocation = (node: TsNode) =>
    node.parent !== undefined && ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : symbolAt(node);
}
