/** Formats the help of a command from its table of options. */
import type { Command, CommandGroup } from './command.ts';
import { missing, optionName } from './option.ts';

const width = 110;

/** The text printed by `--help`. */
export function helpText({
  name,
  takes,
  summary,
  arguments: described = [],
  options,
  notes = [],
}: Command): string {
  const mustGive = Object.entries(options)
    .filter(([, { absent }]) => absent === missing)
    .map(([key, { value }]) => `--${optionName(key)} ${value}`);
  const usage = [`upstroke ${name}`, ...takes, ...mustGive, '[options]'].join(' ');
  const rows = [
    ...described,
    ...Object.entries(options).map(
      ([key, { value, says }]) =>
        [`--${optionName(key)}${value === undefined ? '' : ` ${value}`}`, says] as const,
    ),
    ['--help', 'this text'] as const,
  ];
  const column = Math.min(24, Math.max(...rows.map(([left]) => left.length)));
  const table = rows.flatMap(([left, right]) => {
    const lines = wrap(right, width - column - 4);
    const first =
      left.length > column ? [`  ${left}`, ...lines.map(line => indented(line, column))] : undefined;
    return (
      first ??
      lines.map((line, k) => (k === 0 ? `  ${left.padEnd(column)}  ${line}` : indented(line, column)))
    );
  });
  return [
    usage,
    '',
    ...wrap(summary, width),
    '',
    ...table,
    ...notes.flatMap(note => ['', ...wrap(note, width)]),
  ].join('\n');
}

const indented = (line: string, column: number): string => `${' '.repeat(column + 4)}${line}`;

/** Wraps text into lines of at most `most` characters; a longer word gets its own line. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The text printed by `--help` of a group: its commands with their summaries. */
export async function groupHelpText({ name, summary, commands }: CommandGroup): Promise<string> {
  const rows = await Promise.all(
    Object.entries(commands).map(async ([word, load]) => {
      const [sentence] = (await load()).summary.split(/(?<=[.:])\s/);
      return [word, sentence!.replace(/:$/, '.')] as const;
    }),
  );
  const called = name === 'upstroke' ? name : `upstroke ${name}`;
  const column = Math.max(...rows.map(([word]) => word.length));
  const table = rows.flatMap(([word, says]) =>
    wrap(says, width - column - 4).map((line, k) =>
      k === 0 ? `  ${word.padEnd(column)}  ${line}` : indented(line, column),
    ),
  );
  return [
    `${called} COMMAND [options]`,
    '',
    summary,
    '',
    ...table,
    '',
    `${called} COMMAND --help shows the options.${name === 'upstroke' ? ' upstroke --version prints the version.' : ''}`,
  ].join('\n');
}
