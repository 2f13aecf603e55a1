import { parseArgs } from 'node:util';
import { fail, say } from './terminal.ts';

/** An option of a command. Without `takes` it is a switch. */
interface Option {
  /** What stands behind it, as the help shows it: `NUMBER`. */
  readonly takes?: string;
  readonly says: string;
  /** Whether it may be given more than once. */
  readonly repeats?: true;
}

interface Command<Name extends string> {
  /** How it is called: `npm start`. */
  readonly name: string;
  /** What it does, in a sentence or two. */
  readonly does: string;
  readonly options: Readonly<Record<Name, Option>>;
  /** What may stand there without `--`, as the help shows it; without it, nothing may. */
  readonly operands?: string;
}

/** What a command was asked for. */
interface Asked<Name extends string> {
  has(name: Name): boolean;
  /** The value of an option; the last one of several. */
  text(name: Name): string | undefined;
  all(name: Name): readonly string[];
  readonly operands: readonly string[];
}

/**
 * Reads a command line. `--help` prints the help and ends the process before anything is done; what the command does not
 * know, or knows otherwise, is refused by its name.
 */
export const commandLine = <Name extends string>(
  command: Command<Name>,
  args: readonly string[] = process.argv.slice(2),
): Asked<Name> => {
  if (args.includes('--help') || args.includes('-h')) {
    say(help(command));
    process.exit(0);
  }
  const { options } = command;
  const known = Object.entries<Option>(options).map(
    ([name, { takes }]) => [name, { type: takes === undefined ? 'boolean' : 'string' }] as const,
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(known),
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === 'option');
  const isKnown = (name: string): name is Name => Object.hasOwn(options, name);
  const values = new Map<string, string[]>();
  for (const { name, rawName, value, inlineValue } of given) {
    if (!isKnown(name)) return refuse(command, `There is no ${rawName}`);
    const { takes, repeats } = options[name];
    if (takes === undefined && inlineValue) return refuse(command, `${rawName} takes nothing behind it`);
    const isMissing = takes !== undefined && (value === undefined || (!inlineValue && value.startsWith('-')));
    if (isMissing) return refuse(command, `${rawName} takes ${takes}`);
    if (values.has(name) && takes !== undefined && !repeats) return refuse(command, `${rawName} is there twice`);
    values.set(name, [...(values.get(name) ?? []), value ?? '']);
  }
  const [first] = positionals;
  if (first !== undefined && command.operands === undefined) return refuse(command, `“${first}” says nothing here`);
  return {
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    operands: positionals,
  };
};

/** The number of a port. Ends the process for anything else. */
export const portIn = (text: string): number => {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : fail('--port takes a number from 1 to 65535.');
};

const refuse = (command: Command<string>, what: string): never => fail(`${what}.\n\n${help(command)}`);

const help = ({ name, does, options, operands }: Command<string>): string => {
  const shown = Object.entries(options).map(([option, { takes, says }]) => [
    `--${option}${takes === undefined ? '' : ` ${takes}`}`,
    says,
  ]);
  const rows = [...shown, ['--help', 'shows this and does nothing']] as [string, string][];
  const width = Math.max(...rows.map(([left]) => left.length)) + 3;
  return [
    does,
    '',
    `  ${name} -- [options]${operands === undefined ? '' : ` ${operands}`}`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
  ].join('\n');
};
