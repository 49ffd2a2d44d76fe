/** Fingerprint of the settings of a batch, which distinguishes results made with different settings. */
import { createHash } from 'node:crypto';
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import { bandOf, describeFilter } from '../../analysis/voltage-filter.ts';
import { packageVersion } from '../package-version.ts';

/** Incremented when the rows measured from the same recording change, or the columns do. */
const tableVersion = 2;

/** The settings as stored in the manifest. */
export const settingsWords = ({
  measures,
  beatsFrom,
  scheme,
  windowMs,
  model,
  reading,
  filter,
}: BatchSettings) => ({
  measures,
  beats: typeof beatsFrom === 'string' ? beatsFrom : `annotations ${beatsFrom.annotator}`,
  scheme: scheme ?? 'default of the sampling frequency',
  windowMs: windowMs ?? 'default',
  model: model?.sha256 ?? null,
  filter: filter === undefined ? 'none' : describeFilter(bandOf(filter)),
  ...(reading && { reading }),
});

/** Hash that differs if the settings or the table version differ. */
export const settingsFingerprint = (settings: BatchSettings): string =>
  createHash('sha256')
    .update(JSON.stringify({ tableVersion, version: packageVersion, ...settingsWords(settings) }))
    .digest('hex');
