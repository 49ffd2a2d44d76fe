/**
 * Validation of untrusted JSON: each value is checked for its type and range, and an invalid one is reported with its
 * path.
 */

/**
 * Thrown for an invalid model or checkpoint file, with the path of the invalid value: `model.network.layers[0].bias:
 * …`.
 *
 * @example parseModel('[1]') // throws ModelError: model: expected an object
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

export type Fields = Record<string, unknown>;

/** A value as text of bounded length, for an error message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** The root object of a JSON text with the given `format` and `version`. Throws `ModelError` for any other text. */
export function documentOf(text: string, what: string, format: string, version: number): Fields {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new ModelError(`${what}: not JSON: ${(cause as SyntaxError).message}`, { cause });
  }
  const root = objectAt(document, what);
  if (root.format !== format) {
    throw new ModelError(`${what}.format: expected '${format}', found ${shown(root.format)}`);
  }
  if (root.version !== version) {
    throw new ModelError(`${what}.version: expected ${version}, found ${shown(root.version)}`);
  }
  return root;
}

export function objectAt(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelError(`${at}: expected an object`);
  }
  return value as Fields;
}

export function listAt(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ModelError(`${at}: expected a list`);
  return value;
}

export function stringAt(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new ModelError(`${at}: expected a text`);
  return value;
}

export function oneOfAt<T extends string>(value: unknown, allowed: readonly T[], at: string): T {
  const choice = allowed.find(word => word === value);
  if (choice === undefined) {
    throw new ModelError(`${at}: expected ${allowed.join(' or ')}, found ${shown(value)}`);
  }
  return choice;
}

export function stringsAt(value: unknown, at: string): string[] {
  return listAt(value, at).map((entry, k) => stringAt(entry, `${at}[${k}]`));
}

export function numberAt(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new ModelError(`${at}: expected a finite number`);
  return value;
}

/** An integer from `least` to `most`. */
export function wholeAt(
  value: unknown,
  least: number,
  at: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const number = numberAt(value, at);
  if (!Number.isSafeInteger(number) || number < least || number > most) {
    throw new ModelError(`${at}: expected a whole number from ${least} to ${most}, found ${number}`);
  }
  return number;
}

export function trueAt(value: unknown, at: string): true {
  if (value !== true) throw new ModelError(`${at}: expected true, found ${shown(value)}`);
  return value;
}

// JSON cannot represent these numbers: they are written as strings.
const notFinite = ['NaN', 'Infinity', '-Infinity'];

/**
 * A number as JSON text that is read back exactly: −0 keeps its sign, and numbers that are not finite become strings.
 */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
}

/** A list of numbers as `numberText` writes them, of the given length when it is known. */
export function numbersAt(value: unknown, length: number | undefined, at: string): Float64Array {
  const list = listAt(value, at);
  if (length !== undefined && list.length !== length) {
    throw new ModelError(`${at}: expected ${length} numbers, found ${list.length}`);
  }
  const wrong = list.findIndex(entry =>
    typeof entry === 'string'
      ? !notFinite.includes(entry)
      : typeof entry !== 'number' || !Number.isFinite(entry),
  );
  if (wrong >= 0) {
    throw new ModelError(
      `${at}[${wrong}]: expected a finite number, or the text ${notFinite.join(', ')}; found ${shown(list[wrong])}`,
    );
  }
  return Float64Array.from(list, Number);
}
