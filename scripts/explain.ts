/** Says why a classifier called a beat what it called it, down to the millivolts of each sample. */
import { classifyBeats, explainBeat } from '../src/analysis/classify.ts';
import { readLeadBeats } from '../src/analysis/lead-beats.ts';
import { runCommand, UsageError, wholeOption } from '../src/cli/command.ts';
import { beatsOption } from '../src/cli/measure-options.ts';
import { formatTable } from '../src/cli/table.ts';
import { InputError } from '../src/input-error.ts';
import { readModel } from '../src/node/model-file.ts';
import { searchPathSource } from '../src/node/search-path.ts';

const help = `
explain RECORD --beat N --model MODEL.json [options]: why a beat was called what it was called

  RECORD            on the WFDB search path (environment variable WFDB), e.g. mitdb/208
  --beat N          number of the beat, from 0, as the slopes table counts them
  --model FILE      a classifier as the train script writes it
  --class C         explain the probability of this class; default the class the beat was given
  --lead NAME       default MLII or II where there is one, else the first
  --annotator NAME  beats from RECORD.NAME; default atr where there is one, else as --detect
  --detect          beats from the detector instead
  --json            everything as JSON on standard output

The gradient is first order: what a small change of the voltage does to the probability. Where the beats are, the RR
intervals and the record's typical beat are held fixed.
Research use only, not for diagnosis.
`;

await runCommand({
  help,
  options: {
    beat: { type: 'string' },
    model: { type: 'string' },
    class: { type: 'string' },
    lead: { type: 'string' },
    annotator: { type: 'string' },
    detect: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length !== 1) throw new UsageError(`explain takes one record, not ${positionals.length}`);
    if (values.beat === undefined || values.model === undefined) {
      throw new UsageError('--beat and --model are needed');
    }
    const beat = wholeOption('beat', values.beat, 0);
    const model = await readModel(values.model);
    const beats = await readLeadBeats(searchPathSource(), positionals[0]!, {
      lead: values.lead,
      beats: beatsOption(values.annotator, values.detect),
    });
    const classified = classifyBeats(model, beats);
    const explanation = explainBeat(model, beats, classified, beat, values.class);
    const { samplingFrequency, start, rPeaks } = beats;
    const time = (start + rPeaks[beat]!) / samplingFrequency;
    if (values.json) {
      const { voltage, voltageGradient, windowStart, ...rest } = explanation;
      console.log(
        JSON.stringify({
          record: beats.record,
          lead: beats.lead,
          beat,
          sample: start + rPeaks[beat]!,
          time_s: time,
          annotation: beats.symbols[beat],
          notice: 'Research use only, not for diagnosis.',
          ...rest,
          window: {
            samplingFrequency,
            firstSample: start + windowStart,
            voltage_mV: [...voltage],
            gradient_1_per_mV: [...voltageGradient],
          },
        }),
      );
      return;
    }
    const called = classified.classes[beat];
    if (called === undefined) throw new InputError(`beat ${beat} has no class`);
    const symbol = beats.symbols[beat] === '' ? '' : `, annotated ${beats.symbols[beat]}`;
    console.log(
      `${beats.record}, lead ${beats.lead}, beat ${beat} at ${time.toFixed(3)} s: called ${called}${symbol}\n`,
    );
    console.log(
      explanation.classes
        .map((name, k) => `p(${name}) ${explanation.probabilities[k]!.toFixed(4)}`)
        .join('   '),
    );
    console.log(`\nwhat moves p(${explanation.target}), most influential first:\n`);
    const rows = explanation.features.map(({ name, unit, value, gradient, perDeviation }) => [
      name,
      value.toFixed(3),
      unit === '' ? '-' : unit,
      gradient.toExponential(2),
      perDeviation.toExponential(2),
    ]);
    console.log(formatTable([['feature', 'value', 'unit', 'dp/dfeature', 'per deviation'], ...rows]));
    const { voltageGradient, windowStart } = explanation;
    let top = 0;
    voltageGradient.forEach((g, k) => {
      if (Math.abs(g) > Math.abs(voltageGradient[top]!)) top = k;
    });
    const offsetMs = (1000 * (windowStart + top - rPeaks[beat]!)) / samplingFrequency;
    console.log(
      `\nthe voltage matters most ${Math.abs(offsetMs).toFixed(0)} ms ${offsetMs < 0 ? 'before' : 'after'} the R peak: ` +
        `dp/dV = ${voltageGradient[top]!.toExponential(2)} per mV`,
    );
    console.log('\nResearch use only, not for diagnosis.');
  },
});
