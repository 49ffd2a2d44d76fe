/** `explain`: says why a classifier called a beat what it called it, down to the millivolts of each sample. */
import { classifyBeats, explainBeat } from '../../analysis/classify.ts';
import { readLeadBeats } from '../../analysis/lead-beats.ts';
import { InputError } from '../../input-error.ts';
import { parseModelFile } from '../../node/model-file.ts';
import { defineCommand } from '../command.ts';
import { required, text } from '../option.ts';
import { beatsFrom, recordArgument, shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { formatTable } from '../table.ts';

const { lead, annotator, detect, json } = shared;

export const command = defineCommand({
  name: 'explain',
  takes: ['RECORD'],
  summary: 'Why a beat was called what it was called, down to the millivolts of each sample.',
  arguments: [recordArgument],
  options: {
    beat: required(shared.beat),
    model: required(shared.model),
    class: text('C', 'explain the probability of this class; default the class the beat was given'),
    lead,
    annotator,
    detect,
    json,
  },
  notes: [
    'The gradient is first order: what a small change of the voltage does to the probability. Where the beats are, the RR intervals and the typical beat of the record are held fixed.',
    researchNotice,
  ],
  async run(values, [record = ''], files) {
    const { beat } = values;
    const model = parseModelFile(values.model, await files.readText(values.model));
    const beats = await readLeadBeats(files.source(), record, {
      lead: values.lead,
      beats: beatsFrom(values.annotator, values.detect),
    });
    const classified = classifyBeats(model, beats);
    const explanation = explainBeat(model, beats, classified, beat, values.class);
    const { samplingFrequency, start, rPeaks } = beats;
    const time = (start + rPeaks[beat]!) / samplingFrequency;
    if (values.json) {
      const { voltage, voltageGradient, windowStart, ...rest } = explanation;
      printJson({
        record: beats.record,
        lead: beats.lead,
        beat,
        sample: start + rPeaks[beat]!,
        time_s: time,
        annotation: beats.symbols[beat],
        notes: classified.notes,
        notice: researchNotice,
        ...rest,
        window: {
          samplingFrequency,
          firstSample: start + windowStart,
          voltage_mV: [...voltage],
          gradient_1_per_mV: [...voltageGradient],
        },
      });
      return 0;
    }
    const called = classified.classes[beat];
    if (called === undefined) throw new InputError(`beat ${beat} has no class`);
    const symbol = beats.symbols[beat] === '' ? '' : `, annotated ${beats.symbols[beat]}`;
    print(
      `${beats.record}, lead ${beats.lead}, beat ${beat} at ${time.toFixed(3)} s: called ${called}${symbol}\n`,
    );
    print(
      explanation.classes
        .map((name, k) => `p(${name}) ${explanation.probabilities[k]!.toFixed(4)}`)
        .join('   '),
    );
    for (const note of classified.notes) print(note);
    print(`\nwhat moves p(${explanation.target}), most influential first:\n`);
    const rows = explanation.features.map(({ name, unit, value, gradient, perDeviation }) => [
      name,
      value.toFixed(3),
      unit === '' ? '-' : unit,
      gradient.toExponential(2),
      perDeviation.toExponential(2),
    ]);
    print(formatTable([['feature', 'value', 'unit', 'dp/dfeature', 'per deviation'], ...rows]));
    const { voltageGradient, windowStart } = explanation;
    let top = 0;
    voltageGradient.forEach((g, k) => {
      if (Math.abs(g) > Math.abs(voltageGradient[top]!)) top = k;
    });
    const offsetMs = (1000 * (windowStart + top - rPeaks[beat]!)) / samplingFrequency;
    print(
      `\nthe voltage matters most ${Math.abs(offsetMs).toFixed(0)} ms ${offsetMs < 0 ? 'before' : 'after'} the R peak: ` +
        `dp/dV = ${voltageGradient[top]!.toExponential(2)} per mV`,
    );
    print(`\n${researchNotice}`);
    return 0;
  },
});
