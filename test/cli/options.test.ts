/** What holds of the options of every command. */
import { describe, expect, test } from 'vitest';
import type { Command, CommandGroup } from '../../src/cli/command.ts';
import { optionName } from '../../src/cli/option.ts';
import { upstroke } from '../../src/cli/upstroke.ts';

async function commandsOf(group: CommandGroup): Promise<Command[]> {
  const loaded = await Promise.all(Object.values(group.commands).map(load => load()));
  const all = await Promise.all(loaded.map(one => ('commands' in one ? commandsOf(one) : [one])));
  return all.flat();
}

const commands = await commandsOf(upstroke);
const options = commands.flatMap(command =>
  Object.entries(command.options).map(([key, option]) => ({ name: optionName(key), option, command })),
);

describe.each([...new Set(options.map(({ name }) => name))].sort())('--%s', name => {
  test('takes a value of one kind in every command', () => {
    const values = options
      .filter(one => one.name === name)
      // The words to choose from may differ; that it is a choice may not.
      .map(({ option }) => (option.value?.includes('|') ? 'A|B' : option.value));
    expect([...new Set(values)]).toHaveLength(1);
  });
});

describe('units', () => {
  const suffixes: Readonly<Record<string, string>> = { MS: 'ms', MB: 'mb' };
  test.each(Object.entries(suffixes))('a value in %s has -%s in the name of its option', (value, suffix) => {
    const names = options.filter(({ option }) => option.value === value).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(new RegExp(`-${suffix}$`));
  });

  test('a quantity that has options in two units names both', () => {
    const suffix = /-(ms|seconds|mb|percent)$/;
    const names = new Set(options.map(({ name }) => name));
    const withUnit = [...names].filter(name => suffix.test(name));
    expect(withUnit.filter(name => names.has(name.replace(suffix, '')))).toEqual([]);
  });
});

describe('files to write', () => {
  const written = options.filter(({ name }) => ['out', 'plot', 'index-table'].includes(name));
  test.each(written)('$command.name --$name refuses an ending that states another format', ({ option }) => {
    expect(() => option.read('table.xlsx', 'out')).toThrow(
      /--out takes a path that ends in \.\w+.*table\.xlsx/,
    );
    expect(option.read('/dev/stdout', 'out')).toBe('/dev/stdout');
  });
});
