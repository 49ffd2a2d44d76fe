/** A description of each beat feature, for explanations and for `docs/features.md`. */
import { InputError } from '../../input-error.ts';
import { beatFeatureNames } from './beat-features.ts';
import { descriptors } from './descriptors.ts';
import { featureConstants } from './feature-constants.ts';
import { featureMeanings, rhythmMeanings } from './feature-meanings.ts';

const meanings: Readonly<Record<string, string>> = { ...featureMeanings, ...rhythmMeanings };

function waveformMeaning(name: string): string | undefined {
  const [, channel, ms] = /^(voltage|deviation) at (-?[\d.]+) ms$/.exec(name) ?? [];
  if (ms === undefined) return undefined;
  const what =
    channel === 'voltage'
      ? 'Voltage relative to the isoelectric level'
      : 'Voltage minus that of the typical beat';
  return `${what}, ${ms.replace('-', '')} ms ${ms.startsWith('-') ? 'before' : 'after'} R, in typical QRS amplitudes.`;
}

/** The description of a feature or another input of `beatInputNames`. Throws `RangeError` for an unknown name. */
export function featureMeaning(name: string): string {
  const ofWaveform = waveformMeaning(name);
  if (ofWaveform !== undefined) return ofWaveform;
  if (!Object.hasOwn(meanings, name)) throw new InputError(`there is no beat feature ${name}`);
  return meanings[name]!;
}

const relations = { ratio: 'log ratio', difference: 'difference', none: 'none' } as const;

/** How a beat feature is related to the typical beat, in a word or two; undefined for those of RR and other inputs. */
export function relationToTypical(name: string): string | undefined {
  const descriptor = descriptors.find(of => of.name === name);
  return descriptor && relations[descriptor.against];
}

/** The glossary as Markdown. */
export function featureGlossary(): string {
  const rows = beatFeatureNames.map(
    ({ name }) => `| \`${name}\` | ${relationToTypical(name) ?? 'RR'} | ${featureMeaning(name)} |`,
  );
  const { version, scheme } = featureConstants;
  return `# Beat features

Version ${version}. Generated from \`src/beat/features/feature-meanings.ts\`; a test checks that they agree.

All features are dimensionless. dV/dt is the slope of a least-squares line over ${scheme.windowMs} ms. The typical beat is the median
of the beats that follow the longest quarter of the record's RR intervals, and so of beats that are not premature.

| feature | relative to the typical beat | description |
|---|---|---|
${rows.join('\n')}
`;
}
