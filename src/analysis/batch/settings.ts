/** The settings of a batch that its rows depend on, as plain data that goes to worker processes, and what they mean. */
import { parseScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import type { BeatsFrom } from '../lead-beats.ts';
import type { OpenOptions } from '../open-recording.ts';
import type { Measure, MeasureSettings } from './measure.ts';
import { measuresNamed } from './measures.ts';

export interface BatchSettings {
  /** Names of the table of measures. */
  readonly measures: readonly string[];
  readonly beatsFrom: BeatsFrom;
  /** As `parseScheme` reads it; the default of the rate when absent. */
  readonly scheme?: string;
  readonly windowMs?: number;
  /** How recordings are read, where it is said. */
  readonly reading?: Pick<OpenOptions, 'lenient' | 'table'>;
  /** The file of the model, and its SHA-256 sum. */
  readonly model?: { readonly path: string; readonly sha256: string };
}

/** The measures and what they are given. Throws `InputError` for settings that lack what a measure needs. */
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
  if (rows.length === 0) throw new InputError('nothing is measured: name a measure');
  for (const { check } of rows) check?.(settings);
  return { measures: rows, settings };
}
