import type { Message, Scalar } from "../../workflow/message.js";

/** What records say of a message, which is the same for every one with the same fields of the same shapes. */
export interface MessageForm {
  readonly kind: string;
  /** Names of scalars, and of arrays with their shapes: "inertia, values (3, 2), counts (3)". */
  readonly contents: string;
  /** Shape of each field by name: [] of a number, a truth value or a text, [n] of n texts. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly hasTexts: boolean;
}

/** Forms that are remembered: thousands of clients send a few of them, again and again. */
const MOST_FORMS = 1000;
const forms = new Map<string, MessageForm>();
/** One message has several records. */
let last: { message: Message; form: MessageForm } | null = null;

export function formOf(message: Message): MessageForm {
  if (last === null || last.message !== message) last = { message, form: knownForm(message) };
  return last.form;
}

function knownForm({ kind, scalars, arrays }: Message): MessageForm {
  let key = `${kind}\n`;
  for (const name in scalars) key += `${name} ${typeof scalars[name]} ${keyOf(shapeOf(scalars[name]))}`;
  for (const name in arrays) key += `${name} ${arrays[name].dtype} ${keyOf(arrays[name].shape)}`;
  let form = forms.get(key);
  if (form !== undefined) return form;
  form = newForm({ kind, scalars, arrays });
  if (forms.size >= MOST_FORMS) forms.clear();
  forms.set(key, form);
  return form;
}

function keyOf(shape: readonly number[]): string {
  let key = "";
  for (let axis = 0; axis < shape.length; axis++) key += `${shape[axis]},`;
  return `${key}\n`;
}

function newForm({ kind, scalars, arrays }: Message): MessageForm {
  const ofArrays = Object.entries(arrays).map(([name, { shape }]) => [name, shape] as const);
  const named = ofArrays.map(([name, shape]) => `${name} (${shape.join(", ")})`);
  const ofScalars = Object.entries(scalars).map(([name, scalar]) => [name, shapeOf(scalar)] as const);
  return {
    kind,
    contents: [...Object.keys(scalars), ...named].join(", "),
    shapes: Object.fromEntries([...ofScalars, ...ofArrays]),
    hasTexts: Object.values(scalars).some(
      (scalar) => typeof scalar === "string" || typeof scalar === "object",
    ),
  };
}

const SCALAR: readonly number[] = [];

function shapeOf(scalar: Scalar): readonly number[] {
  return typeof scalar === "object" ? [scalar.length] : SCALAR;
}
