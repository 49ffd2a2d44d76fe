/** The batch measure of delineation: onset, peak and offset of the P wave, QRS complex and T wave of each beat. */
import { type DelineatedBeat, delineate } from '../../beat/delineate/delineate.ts';
import { columnsOf, type ReadColumn } from './columns.ts';
import type { LeadToMeasure, Measure } from './measure.ts';

interface PlacedBeat {
  readonly beat: DelineatedBeat;
  readonly start: number;
}

const places: readonly (readonly [string, string, (beat: DelineatedBeat) => number | undefined])[] = [
  ['p_onset', 'first sample of the P wave', ({ p }) => p?.onset],
  ['p_peak', 'peak of the P wave', ({ p }) => p?.peak],
  ['p_offset', 'last sample of the P wave', ({ p }) => p?.offset],
  ['delineated_qrs_onset', 'first sample of the QRS complex in the delineation', ({ qrs }) => qrs.onset],
  ['delineated_qrs_offset', 'last sample of the QRS complex in the delineation', ({ qrs }) => qrs.offset],
  ['t_onset', 'first sample of the T wave', ({ t }) => t?.onset],
  ['t_peak', 'peak of the T wave', ({ t }) => t?.peak],
  ['t_offset', 'last sample of the T wave', ({ t }) => t?.offset],
];

const columns: readonly ReadColumn<PlacedBeat>[] = places.map(([name, says, of]) => ({
  name: `${name}_sample`,
  kind: 'long',
  unit: 'samples',
  says,
  of: ({ beat, start }) => {
    const sample = of(beat);
    return sample === undefined ? undefined : sample + start;
  },
}));

async function measureLead({ recording, beats, voltage }: LeadToMeasure) {
  const { samplingFrequency, start } = recording;
  const delineated = delineate(await voltage(), samplingFrequency, beats.rPeaks);
  return columnsOf(
    columns,
    delineated.map(beat => ({ beat, start })),
  );
}

export const delineationMeasure: Measure = {
  name: 'delineation',
  beatColumns: columns,
  recordColumns: [],
  measureLead,
};
