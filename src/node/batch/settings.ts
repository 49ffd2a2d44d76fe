/** Fingerprint of the settings of a batch, which distinguishes results made with different settings. */
import { createHash } from 'node:crypto';
import { measuresNamed } from '../../analysis/batch/measures.ts';
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import { bandOf, describeFilter } from '../../analysis/voltage-filter.ts';
import { packageVersion } from '../package-version.ts';

/** Incremented when the rows measured from the same recording change, or the columns do. */
const tableVersion = 5;

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
  scheme: scheme ?? 'default for the sampling frequency',
  windowMs: windowMs ?? 'default',
  model: model?.sha256 ?? null,
  filter: filter === undefined ? 'none' : describeFilter(bandOf(filter)),
  ...(reading && { reading }),
});

/** Hash that differs if the settings or the table version differ. */
export const settingsFingerprint = (settings: BatchSettings): string =>
  hashOf({ tableVersion, version: packageVersion, ...settingsWords(settings) });

/**
 * For each measure, in the order of the columns, a hash of the settings that its values depend on. Values of measures
 * with equal hashes, from the same files, are equal.
 */
export function measureFingerprints(settings: BatchSettings): Readonly<Record<string, string>> {
  const { measures: names, scheme, windowMs, model, ...common } = settingsWords(settings);
  const own = { scheme, windowMs, model };
  return Object.fromEntries(
    measuresNamed(names).map(({ name, dependsOn = [] }) => {
      const words = dependsOn.map(setting => [setting, own[setting]]);
      return [name, hashOf({ tableVersion, version: packageVersion, ...common, words }).slice(0, 16)];
    }),
  );
}

const hashOf = (words: object): string => createHash('sha256').update(JSON.stringify(words)).digest('hex');
