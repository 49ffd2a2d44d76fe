/** Checks of what callers hand over, each with an error that says what to do. */
import type { Tensor } from './tensor.ts';

/** What a value is, for a message. */
function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a plain array';
  if (typeof value === 'object') return `an object of class ${value.constructor?.name ?? 'none'}`;
  return `the ${typeof value} ${String(value)}`;
}

export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as { shape?: unknown }).shape) &&
  'data' in value;

/** Throws `TypeError` in the name of an operation unless all are tensors. */
export function requireTensors(name: string, ...values: readonly unknown[]): void {
  for (const value of values) {
    if (!isTensor(value)) {
      throw new TypeError(`${name}: expected a tensor, found ${described(value)}; make one with tensor(…)`);
    }
  }
}

/** Throws `TypeError` when there is an option that `name` does not know. */
export function requireOptions(name: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${name}: expected options, an object, found ${described(options)}`);
  }
  const unknown = Object.keys(options).find(key => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`${name}: there is no option '${unknown}'; the options are ${known.join(', ')}`);
  }
}
