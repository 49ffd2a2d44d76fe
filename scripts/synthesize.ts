/** Writes a synthetic record with known truth. */
import { choiceOption, numberOption, runCommand, UsageError } from '../src/cli/command.ts';
import { folderSink } from '../src/node/files.ts';
import { type Lead, standardLead, twelveLeads } from '../src/synth/leads.ts';
import { levelsForSnr, type NoiseLevels, withNoise } from '../src/synth/noise.ts';
import { synthesize } from '../src/synth/synthesize.ts';
import { writeSyntheticRecord } from '../src/synth/wfdb.ts';

const help = `
Usage: npx tsx scripts/synthesize.ts NAME [options]

Writes NAME.hea and NAME.dat (a WFDB record), NAME.atr (its beats: N, V, A) and NAME.truth.csv (for each beat and
lead the exact peak, onset, offset, steepest rise and fall). The same options give the same files.

  --seconds S     length (default 60)
  --fs HZ         sampling frequency (default 360)
  --hr BPM        mean heart rate (default 70), beats/min
  --hr-sd BPM     its standard deviation (default 2), beats/min
  --lf-hf RATIO   its power at 0.1 Hz over that at 0.25 Hz (default 0.5)
  --pvc SHARE     share of ventricular premature beats (default 0)
  --apc SHARE     share of supraventricular premature beats (default 0)
  --slow K        QRS stretched by slow conduction, 1 is none (default 1); K1:K2 goes from K1 to K2
  --delayed S:K   a share S of the normal beats stretched by a further K (default: none)
  --breathing A   relative change of amplitude with breathing (default 0.05)
  --variation A   relative change of amplitude and width from beat to beat (default 0.01)
  --snr DB        adds noise at this signal-to-noise ratio, as the Noise Stress Test defines it (default: no noise)
  --noise KINDS   what noise, comma-separated: baseline, muscle, mains, electrode, white (default baseline,muscle)
  --mains HZ      mains frequency, 50 or 60 (default 50)
  --leads LEADS   12, or names: I, II, III, aVR, aVL, aVF, V1 ... V6, MLII (default MLII)
  --format F      WFDB signal format, 212 (200 units/mV) or 16 (1000 units/mV) (default 212)
  --seed N        whole number (default 1)
  --dir DIR       where to write (default .)
  --json          prints a summary as JSON
`;

const noiseKinds = {
  baseline: 'baselineWander',
  muscle: 'muscle',
  mains: 'mains',
  electrode: 'electrodeMotion',
  white: 'white',
} as const satisfies Record<string, keyof NoiseLevels>;

/** Everything made here is made from the arguments, so what is out of range is a mistake in them. */
function inRange<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function leadsOption(text: string): readonly Lead[] {
  if (text === '12') return twelveLeads;
  const names = text.split(',');
  if (new Set(names).size < names.length) throw new UsageError(`--leads names a lead twice: ${text}`);
  return names.map(standardLead);
}

function slowOption(text: string): [number, number] {
  const parts = text.split(':').map(part => numberOption('slow', part));
  if (parts.length > 2) throw new UsageError(`--slow takes one or two numbers, not '${text}'`);
  return [parts[0]!, parts.at(-1)!];
}

function delayedOption(text: string): { share: number; factor: number } {
  const [share, factor, ...rest] = text.split(':').map(part => numberOption('delayed', part));
  if (factor === undefined || rest.length > 0) {
    throw new UsageError(`--delayed takes a share and a factor, as in 0.2:1.5, not '${text}'`);
  }
  return { share: share!, factor };
}

/** Equal parts of the kinds asked for; their sum is scaled to the signal-to-noise ratio. */
function noiseOption(text: string, mainsHz: number): NoiseLevels {
  const names = Object.keys(noiseKinds) as (keyof typeof noiseKinds)[];
  const kinds = text.split(',').map(word => noiseKinds[choiceOption('noise', word, names)]);
  return { ...Object.fromEntries(kinds.map(kind => [kind, 1])), mainsHz };
}

await runCommand({
  help,
  options: {
    seconds: { type: 'string', default: '60' },
    fs: { type: 'string', default: '360' },
    hr: { type: 'string', default: '70' },
    'hr-sd': { type: 'string', default: '2' },
    'lf-hf': { type: 'string', default: '0.5' },
    pvc: { type: 'string', default: '0' },
    apc: { type: 'string', default: '0' },
    slow: { type: 'string', default: '1' },
    delayed: { type: 'string', default: '0:1' },
    breathing: { type: 'string', default: '0.05' },
    variation: { type: 'string', default: '0.01' },
    snr: { type: 'string' },
    noise: { type: 'string', default: 'baseline,muscle' },
    mains: { type: 'string', default: '50' },
    leads: { type: 'string', default: 'MLII' },
    format: { type: 'string', default: '212' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string', default: '.' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) throw new UsageError('give one record name');
    const number = (option: keyof typeof values & string): number =>
      numberOption(option, String(values[option]));
    const seed = number('seed');
    const digitisation =
      choiceOption('format', values.format, ['212', '16']) === '212'
        ? ({ format: 212, adcGain: 200 } as const)
        : ({ format: 16, adcGain: 1000 } as const);
    const levels = noiseOption(values.noise, Number(choiceOption('mains', values.mains, ['50', '60'])));

    const ecg = inRange(() => {
      const clean = synthesize({
        samplingFrequency: number('fs'),
        seconds: number('seconds'),
        seed,
        leads: leadsOption(values.leads),
        heartRate: { mean: number('hr'), sd: number('hr-sd'), lfHfRatio: number('lf-hf') },
        premature: { ventricular: number('pvc'), supraventricular: number('apc') },
        slowConduction: slowOption(values.slow),
        delayedBeats: delayedOption(values.delayed),
        respiratoryModulation: number('breathing'),
        beatVariation: number('variation'),
      });
      if (values.snr === undefined) return clean;
      return withNoise(clean, levelsForSnr(clean, levels, number('snr'), seed), seed);
    });
    await writeSyntheticRecord(folderSink(values.dir), name, ecg, digitisation, [
      `Synthetic ECG, seed ${seed}: sums of Gaussian waves, exact truth in ${name}.truth.csv`,
    ]);

    const count = (symbol: string): number => ecg.beats.filter(beat => beat.symbol === symbol).length;
    const summary = {
      record: name,
      samplingFrequency: ecg.samplingFrequency,
      samples: ecg.leads[0]!.voltage.length,
      leads: ecg.leads.map(lead => lead.name),
      beats: { N: count('N'), V: count('V'), A: count('A') },
    };
    if (values.json) console.log(JSON.stringify(summary));
    else {
      const { N, V, A } = summary.beats;
      console.log(
        `wrote ${name}: ${summary.samples} samples of ${summary.leads.join(', ')} at ${summary.samplingFrequency} Hz, ` +
          `${N} normal, ${V} ventricular and ${A} supraventricular beats`,
      );
    }
  },
});
