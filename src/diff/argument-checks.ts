/** Argument checks of the tensor operations. */
import type { Tensor } from './tensor.ts';

/** Describes a value for an error message. */
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

/** Throws `TypeError`, naming the operation, unless all values are tensors. */
export function requireTensors(name: string, ...values: readonly unknown[]): void {
  for (const value of values) {
    if (!isTensor(value)) {
      throw new TypeError(`${name}: expected a tensor, found ${described(value)}; create one with tensor(…)`);
    }
  }
}

/** Throws `TypeError` for an unknown option. */
export function requireOptions(name: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${name}: expected options, an object, found ${described(options)}`);
  }
  const unknown = Object.keys(options).find(key => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`${name}: there is no option '${unknown}'; the options are ${known.join(', ')}`);
  }
}
