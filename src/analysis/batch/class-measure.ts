/** The batch measure of beat classes: the class that a model assigns to each beat. */
import { InputError } from '../../input-error.ts';
import { classifyBeats, requireBeatModel } from '../classify.ts';
import { conditionOf, withArtefacts } from '../lead-condition.ts';
import { type Column, valuesOf } from './columns.ts';
import type { LeadToMeasure, Measure } from './measure.ts';

const columns: readonly Column[] = [
  {
    name: 'class',
    kind: 'text',
    unit: '',
    says: 'class predicted by the model; null where the lead has no QRS complexes',
  },
  { name: 'class_probability', kind: 'float', unit: '', says: 'probability of the predicted class' },
  {
    name: 'fibrillation_probability',
    kind: 'float',
    unit: '',
    says: 'probability of atrial fibrillation or flutter at the beat',
  },
];

async function measureLead({ recording, lead, beats, settings, voltage, note }: LeadToMeasure) {
  const count = beats.rPeaks.length;
  if (count < 2) {
    note(`${lead}: classes need two beats`);
    return columns.map(({ kind }) => valuesOf(kind, count, () => undefined));
  }
  const { samplingFrequency, start, name } = recording;
  const leadBeats = {
    ...beats,
    record: name,
    lead,
    samplingFrequency,
    start,
    voltage: await voltage(),
    notes: [],
  };
  const marked = withArtefacts(leadBeats, [conditionOf(leadBeats)]);
  const { classes, probabilities, fibrillation, notes } = classifyBeats(settings.model!, marked);
  for (const text of notes) note(text);
  return [
    valuesOf('text', count, beat => classes[beat]),
    valuesOf('float', count, beat => probabilities[beat]),
    valuesOf('float', count, beat => fibrillation[beat]),
  ];
}

export const classMeasure: Measure = {
  name: 'classes',
  dependsOn: ['model'],
  check({ model }) {
    if (model === undefined) throw new InputError('classes need a model: --model FILE');
    requireBeatModel(model);
  },
  beatColumns: columns,
  recordColumns: [],
  measureLead,
};
