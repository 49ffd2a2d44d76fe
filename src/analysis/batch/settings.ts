/** The settings that determine the rows of a batch, as plain data that can be sent to worker processes. */
import { parseScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import type { BeatsFrom } from '../lead-beats.ts';
import type { OpenOptions } from '../open-recording.ts';
import type { VoltageFilter } from '../voltage-filter.ts';
import type { Measure, MeasureSettings } from './measure.ts';
import { measuresNamed } from './measures.ts';

export interface BatchSettings {
  /** Names of measures. */
  readonly measures: readonly string[];
  readonly beatsFrom: BeatsFrom;
  /** Filter applied to the voltage, if any. */
  readonly filter?: VoltageFilter;
  /** Differentiation scheme in the syntax of `parseScheme`; by default chosen from the sampling frequency. */
  readonly scheme?: string;
  readonly windowMs?: number;
  /** Options for reading the recordings, if any are set. */
  readonly reading?: Pick<OpenOptions, 'lenient' | 'table'>;
  /** Path of the model file and its SHA-256 in hexadecimal. */
  readonly model?: { readonly path: string; readonly sha256: string };
}

/** The measures and their settings. Throws `InputError` if the settings lack something a measure requires. */
export function measureSetup(
  { measures, scheme, windowMs }: BatchSettings,
  model: Classifier | undefined,
): { readonly measures: readonly Measure[]; readonly settings: MeasureSettings } {
  const settings = {
    ...(scheme !== undefined && { scheme: parseScheme(scheme) }),
    ...(windowMs !== undefined && { windowMs }),
    ...(model && { model }),
  };
  const rows = measuresNamed(measures);
  if (rows.length === 0) throw new InputError('no measure is given');
  for (const { check } of rows) check?.(settings);
  return { measures: rows, settings };
}
