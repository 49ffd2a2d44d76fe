/** What tells results of a batch that were made with other settings apart. */
import { createHash } from 'node:crypto';
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import { packageVersion } from '../package-version.ts';

/** Raised when the rows of the same recording come out otherwise or their columns change. */
const tableVersion = 1;

/** What the manifest says of the settings. */
export const settingsWords = ({ measures, beatsFrom, scheme, windowMs, model, reading }: BatchSettings) => ({
  measures,
  beats: typeof beatsFrom === 'string' ? beatsFrom : `annotations ${beatsFrom.annotator}`,
  scheme: scheme ?? 'default of the sampling frequency',
  windowMs: windowMs ?? 'default',
  model: model?.sha256 ?? null,
  ...(reading && { reading }),
});

/** What tells rows made with other settings, or another version, apart. */
export const settingsFingerprint = (settings: BatchSettings): string =>
  createHash('sha256')
    .update(JSON.stringify({ tableVersion, version: packageVersion, ...settingsWords(settings) }))
    .digest('hex');
