/** What a model's features are, as data: stored in the model, and held against what this version computes. */

import { descriptors } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';
import { rrFeatures } from './rr-features.ts';

/** Everything that a feature's value depends on, besides the recording. Plain data, as JSON carries it. */
export interface FeatureDefinition {
  readonly version: number;
  /** Leads that the features are taken from, in this order. */
  readonly leadRule: readonly string[];
  /** Scheme, windows and constants. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** Every feature there is, with its unit and how it is set against the typical beat. */
  readonly features: readonly { readonly name: string; readonly unit: string; readonly against: string }[];
  /** Of all of the above. */
  readonly fingerprint: string;
}

/** The leads that the classifier is made for: the field trains on the modified lead II of the MIT-BIH database. */
export const usualLeads: readonly string[] = ['MLII', 'II'];

/** The definition of what this version computes, for features from one of these leads. */
export function featureDefinition(leadRule: readonly string[] = usualLeads): FeatureDefinition {
  const { version, ...constants } = featureConstants;
  const content = {
    version,
    leadRule,
    constants,
    features: [
      ...descriptors.map(({ name, unit, against }) => ({ name, unit, against })),
      ...rrFeatures.map(({ name }) => ({ name, unit: '', against: 'none' })),
    ],
  };
  return { ...content, fingerprint: fingerprintOf(content) };
}

/** Is the fingerprint that of the content? */
export function isWhole({ fingerprint, ...content }: FeatureDefinition): boolean {
  return fingerprint === fingerprintOf(content);
}

/**
 * What keeps a model with features of definition `theirs` from being applied here, in words; undefined when nothing
 * does. The lead is the model's own matter.
 *
 * @example definitionConflict(featureDefinition(['V5'])) // => undefined
 */
export function definitionConflict(theirs: FeatureDefinition): string | undefined {
  const ours = featureDefinition(theirs.leadRule);
  if (theirs.fingerprint === ours.fingerprint) return undefined;
  const versions = `its features are of version ${theirs.version}, here they are of version ${ours.version}`;
  const [path, there, here] = firstDifference(theirs, ours, '') ?? [];
  return path === undefined ? versions : `${versions}: ${path} is ${there} there, ${here} here`;
}

/** The first place where two values differ, and both values there. */
function firstDifference(a: unknown, b: unknown, path: string): [string, string, string] | undefined {
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (key === 'fingerprint' || (key === 'version' && path === '')) continue;
      const found = firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const shown = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 40);
  return Object.is(a, b) ? undefined : [path, shown(a), shown(b)];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** FNV-1a (Fowler, Noll & Vo), 64 bits as hexadecimal digits, of a value's JSON with sorted keys. */
function fingerprintOf(value: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(sortedJson(value))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
