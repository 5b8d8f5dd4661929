import { Command } from "commander";
import { UsageError } from "../errors.js";
import type { Parameter } from "../jupyter/notebook-file.js";

/** Between a name and its value, which an argument cannot hold. */
const BETWEEN = "\0";

/** A command with an option of two words, `-p NAME VALUE`: commander's own takes one, or all that follow. */
export class CommandWithParameters extends Command {
  constructor(name: string) {
    super(name);
    this.option("-p, --parameter <NAME VALUE>", "a parameter's value; may be repeated", pairAfter);
  }

  override parseOptions(args: string[]): ReturnType<Command["parseOptions"]> {
    return super.parseOptions(joinPairs(args));
  }
}

function joinPairs(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    joined.push(args[i]);
    if (args[i] === "--") return [...joined, ...args.slice(i + 1)];
    if (!["-p", "--parameter"].includes(args[i]) || i + 1 >= args.length) continue;
    const name = args[++i];
    const hasValue = i + 1 < args.length && !/^--?[a-z]/i.test(args[i + 1]);
    joined.push(hasValue ? name + BETWEEN + args[++i] : name);
  }
  return joined;
}

function pairAfter(text: string, previous: readonly Parameter[] = []): Parameter[] {
  const [name, value] = text.split(BETWEEN);
  if (value === undefined) throw new UsageError(`-p takes a name and a value, found only "${name}"`);
  return [...previous, [name, value]];
}
