/**
 * The definition of a model's features as data: stored with the model, and compared with what this version computes.
 */

import { rhythmFeatureNames } from '../rhythm-estimate/rhythm-features.ts';
import { descriptors } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';
import { rrFeatures } from './rr-features.ts';
import { waveformConstants, waveformNames } from './waveform-inputs.ts';

/** Everything that a feature's value depends on besides the recording. Plain data that can be stored as JSON. */
export interface FeatureDefinition {
  readonly version: number;
  /** Leads from which features may be computed, in order of preference. */
  readonly leadRule: readonly string[];
  /** Derivative scheme, windows and constants. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** All features with their units, and how each is normalised by the typical beat. */
  readonly features: readonly { readonly name: string; readonly unit: string; readonly against: string }[];
  /** Fingerprint of all of the above. */
  readonly fingerprint: string;
}

/**
 * The leads that the classifier is trained for: the modified lead II of the MIT-BIH database, as is common in the
 * literature.
 */
export const usualLeads: readonly string[] = ['MLII', 'II'];

/**
 * The definition of the features that this version computes, for the given leads; with `waveform`, of all inputs of
 * `beatInputNames`.
 */
export function featureDefinition(
  leadRule: readonly string[] = usualLeads,
  inputs: 'features' | 'waveform' = 'features',
): FeatureDefinition {
  const { version, ...inCode } = featureConstants;
  const constants = Object.fromEntries(
    Object.entries(inCode).map(([name, value]) => [storedNames[name] ?? name, value]),
  );
  const named = (list: readonly { readonly name: string; readonly unit: string }[]) =>
    list.map(({ name, unit }) => ({ name, unit, against: 'none' }));
  const withWaveform = inputs === 'waveform';
  const content = {
    version,
    leadRule,
    constants: withWaveform ? { ...constants, waveform: waveformConstants } : constants,
    features: [
      ...(withWaveform ? named(waveformNames) : []),
      ...descriptors.map(({ name, unit, against }) => ({ name, unit, against })),
      ...rrFeatures.map(({ name }) => ({ name, unit: '', against: 'none' })),
      ...(withWaveform ? named(rhythmFeatureNames.map(name => ({ name, unit: '' }))) : []),
    ],
  };
  return { ...content, fingerprint: fingerprintOf(content) };
}

/** Constants that model files store under another name than the code has for them. */
const storedNames: Readonly<Record<string, string>> = { intervals: 'stretches' };

/** Whether the fingerprint matches the content. */
export function isWhole({ fingerprint, ...content }: FeatureDefinition): boolean {
  return fingerprint === fingerprintOf(content);
}

/**
 * Why a model with features of definition `theirs` cannot be applied by this version, as a sentence; undefined when it
 * can. The lead rule is not compared.
 *
 * @example definitionConflict(featureDefinition(['V5'])) // => undefined
 */
export function definitionConflict(theirs: FeatureDefinition): string | undefined {
  const ours = featureDefinition(theirs.leadRule, 'waveform' in theirs.constants ? 'waveform' : 'features');
  if (theirs.fingerprint === ours.fingerprint) return undefined;
  const versions = `its features are of version ${theirs.version}, here they are of version ${ours.version}`;
  const [path, there, here] = firstDifference(theirs, ours, '') ?? [];
  return path === undefined ? versions : `${versions}: ${path} is ${there} there, ${here} here`;
}

/** The path of the first difference between two values, and both values there. */
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
