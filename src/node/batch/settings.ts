/** The settings of a batch that its rows depend on, as they go to worker processes and into the manifest. */
import { createHash } from 'node:crypto';
import type { Measure, MeasureSettings } from '../../analysis/batch/measure.ts';
import { measuresNamed } from '../../analysis/batch/measures.ts';
import type { BeatsFrom } from '../../analysis/lead-beats.ts';
import { parseScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { packageVersion } from '../package-version.ts';

/** Plain data: it is sent to other processes. */
export interface BatchSettings {
  /** Names of the table of measures. */
  readonly measures: readonly string[];
  readonly beatsFrom: BeatsFrom;
  /** As `parseScheme` reads it; the default of the rate when absent. */
  readonly scheme?: string;
  readonly windowMs?: number;
  /** The file of the model, and its SHA-256 sum. */
  readonly model?: { readonly path: string; readonly sha256: string };
}

/** Raised when the rows of the same recording come out otherwise or their columns change. */
const tableVersion = 1;

/** What the manifest says of the settings. */
export const settingsWords = ({ measures, beatsFrom, scheme, windowMs, model }: BatchSettings) => ({
  measures,
  beats: typeof beatsFrom === 'string' ? beatsFrom : `annotations ${beatsFrom.annotator}`,
  scheme: scheme ?? 'default of the sampling frequency',
  windowMs: windowMs ?? 'default',
  model: model?.sha256 ?? null,
});

/** What tells rows made with other settings, or another version, apart. */
export const settingsFingerprint = (settings: BatchSettings): string =>
  createHash('sha256')
    .update(JSON.stringify({ tableVersion, version: packageVersion, ...settingsWords(settings) }))
    .digest('hex');

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
