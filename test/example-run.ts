/** Runs an `@example` of a doc comment: each value that a `// =>` promises is compared with what comes out. */
import { transform } from 'esbuild';
import { parseAst } from 'vite';

/** What one promise of an example said and what came. */
export interface Promised {
  readonly says: string;
  /** In the forms that the promise may take: an array of numbers with and without its type. */
  readonly comes: readonly string[];
}

interface Statement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly expression?: { readonly start: number; readonly end: number };
  readonly declarations?: readonly { readonly id: { readonly type: string; readonly name?: string } }[];
}

/**
 * Runs `example` with the names of `scope` in reach, where it does not declare them itself. `// => text` promises the
 * value of the statement before it on its line, `// throws text` the message (or part of it) of the error there.
 */
export async function runExample(
  example: string,
  scope: Readonly<Record<string, unknown>>,
): Promise<readonly Promised[]> {
  const code = example.replace(/^import .*$/gm, '');
  const { body } = parseAst(code, { lang: 'ts', sourceType: 'module' }, 'example.ts') as unknown as {
    body: readonly Statement[];
  };
  const promises = [...code.matchAll(/\/\/ (=>|throws) (.*)$/gm)];
  let program = '';
  let done = 0;
  for (const statement of body) {
    program += code.slice(done, statement.start);
    const text = code.slice(statement.start, statement.end);
    const promise = promises.find(
      ({ index }) => index >= statement.end && !code.slice(statement.end, index).includes('\n'),
    );
    done = statement.end;
    if (promise === undefined) program += text;
    else if (promise[1] === 'throws') program += caught(text, promise[2]!);
    else program += compared(text, code, statement, promise[2]!);
  }
  program += code.slice(done);
  const names = Object.keys(scope).filter(
    name => new RegExp(`\\b${name}\\b`).test(code) && !declares(code, name),
  );
  const results: Promised[] = [];
  const show = (says: string, value: unknown): void => {
    results.push({ says: says.trim(), comes: [...new Set([textOf(value, true), textOf(value, false)])] });
  };
  const { code: script } = await transform(
    `export default async ({ ${names.join(', ')} }, __show) => {\n${program}\n};`,
    { loader: 'ts', format: 'cjs', target: 'es2022' },
  );
  const module = { exports: {} as { default?: (names: unknown, show: unknown) => Promise<void> } };
  new Function('module', 'exports', script)(module, module.exports);
  await module.exports.default!(scope, show);
  if (results.length < promises.length) throw new Error('a promise stands behind no statement');
  return results;
}

const caught = (text: string, says: string): string =>
  `try { ${text}\n__show(${JSON.stringify(says)}, undefined); } catch (error) { __show(${JSON.stringify(says)}, error); }`;

function compared(text: string, code: string, statement: Statement, says: string): string {
  if (statement.expression !== undefined) {
    const { start, end } = statement.expression;
    return `__show(${JSON.stringify(says)}, (${code.slice(start, end)}));`;
  }
  const name = statement.declarations?.at(-1)?.id.name;
  if (name === undefined) throw new Error(`'${text}' has no one value to compare`);
  return `${text}\n__show(${JSON.stringify(says)}, ${name});`;
}

const declares = (code: string, name: string): boolean =>
  new RegExp(
    `\\b(?:const|let|function|class)\\s+(?:${name}\\b|[{[][^=;]*\\b${name}\\b[^=;]*[}\\]]\\s*=)`,
  ).test(code);

/** A value as a comment shows it: `[1, 2]`, `{ a: 'x' }`, `Float64Array [1, 2]`. An error is its message. */
export function textOf(value: unknown, withTypes: boolean): string {
  const inside = (v: unknown): string => textOf(v, withTypes);
  if (typeof value === 'string') return `'${value.replaceAll('\n', '\\n')}'`;
  if (Object.is(value, -0)) return '0';
  if (typeof value === 'function') return `${value.name}()`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${value.map(inside).join(', ')}]`;
  if (ArrayBuffer.isView(value)) {
    const list = `[${[...(value as unknown as Iterable<unknown>)].map(inside).join(', ')}]`;
    return withTypes ? `${value.constructor.name} ${list}` : list;
  }
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} ${inside([...value])}`;
  const members = Object.entries(value).map(
    ([key, v]) => `${/^\w+$/.test(key) ? key : `'${key}'`}: ${inside(v)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Is it what was promised? `…` in a promise stands for whatever is left out: digits, elements, members. */
export function isKept({ says, comes }: Promised): boolean {
  const pattern = says
    .split('…')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*');
  return comes.some(text => new RegExp(`^${pattern}$`).test(text));
}
