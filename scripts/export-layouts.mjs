import { NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

/**
 * Lets the kernels export where the fields of each `@unmanaged` class lie: a constant `Class_field_type` each, bytes from
 * the address of the whole, and `Class_bytes`. src/numerics/kernels/memory/row-block.ts reads them.
 */
export default class ExportLayouts extends Transform {
  afterParse(parser) {
    for (const source of [...parser.sources].filter(({ isLibrary }) => !isLibrary)) {
      const structs = source.statements.filter(
        ({ kind, decorators }) =>
          kind === NodeKind.ClassDeclaration && decorators?.some(({ name }) => name.text === "unmanaged"),
      );
      if (structs.length === 0) continue;
      const file = source.normalizedPath.replace(/\.ts$/, "");
      parser.parseFile(layoutsOf(structs, file.split("/").at(-1)), `${file}-layouts.ts`, true);
    }
  }
}

/** The text of a file that exports the constants of classes. */
function layoutsOf(structs, file) {
  return structs
    .flatMap(({ name: { text: name }, members }) => [
      `import { ${name} } from "./${file}";`,
      `export const ${name}_bytes: usize = offsetof<${name}>();`,
      ...members
        .filter(({ kind }) => kind === NodeKind.FieldDeclaration)
        .map(({ name: { text: field }, type }) => {
          const exported = `${name}_${field}_${type.name.identifier.text}`;
          return `export const ${exported}: usize = offsetof<${name}>("${field}");`;
        }),
    ])
    .join("\n");
}
