/** `synthesize`: generates ECG whose fiducial points and slopes are known exactly. */
import { type Lead, standardLead, twelveLeads } from '../../synth/leads.ts';
import { levelsForSnr, type NoiseLevels, withNoise } from '../../synth/noise.ts';
import { synthesize } from '../../synth/synthesize.ts';
import { writeSyntheticRecord } from '../../synth/wfdb-record.ts';
import { defineCommand } from '../command.ts';
import { choice, defaultsTo, list, number, type Option, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson } from '../output.ts';

const noiseKinds = {
  baseline: 'baselineWander',
  muscle: 'muscle',
  mains: 'mains',
  electrode: 'electrodeMotion',
  white: 'white',
} as const satisfies Record<string, keyof NoiseLevels>;

/** Reports a `RangeError` as a usage error, since all values come from the arguments. */
function inRange<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Reads `A:B` or a single number; `words` describes the value in error messages. */
function pair(words: string, count: readonly number[]) {
  return (given: string, name: string): readonly number[] => {
    const parts = given.split(':').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
    if (!parts.every(Number.isFinite) || !count.includes(parts.length)) {
      throw new UsageError(`--${name} takes ${words}, not '${given}'`);
    }
    return parts;
  };
}

const slow: Option<readonly number[]> = {
  value: 'K',
  says: 'factor on the QRS duration (slow conduction), 1 is normal; K1:K2 changes it from K1 to K2; default 1',
  absent: [1],
  read: pair('one or two numbers', [1, 2]),
};

const delayed: Option<readonly number[]> = {
  value: 'S:K',
  says: 'S:K prolongs the QRS of a share S of the normal beats by a further factor K; default none',
  absent: [0, 1],
  read: pair('a share and a factor, as in 0.2:1.5', [2]),
};

const leads: Option<readonly Lead[]> = {
  value: 'NAMES',
  says: '12, or names: I, II, III, aVR, aVL, aVF, V1 ... V6, MLII; default MLII',
  absent: [standardLead('MLII')],
  read(given, name) {
    if (given === '12') return twelveLeads;
    const names = given.split(',');
    if (new Set(names).size < names.length) throw new UsageError(`--${name} names a lead twice: ${given}`);
    return inRange(() => names.map(standardLead));
  },
};

type NoiseKind = keyof typeof noiseKinds;
const noise: Option<readonly NoiseKind[]> = defaultsTo(
  list(
    choice(
      Object.keys(noiseKinds) as NoiseKind[],
      `kinds of noise, of ${Object.keys(noiseKinds).join(', ')}`,
    ),
    'KINDS',
  ) as Option<readonly NoiseKind[] | undefined>,
  ['baseline', 'muscle'],
  'baseline,muscle',
);

/** Equal levels of the requested kinds; their sum is scaled to the signal-to-noise ratio. */
function levelsOf(kinds: readonly NoiseKind[], mainsHz: number): NoiseLevels {
  return { ...Object.fromEntries(kinds.map(kind => [noiseKinds[kind], 1])), mainsHz };
}

/** Signal formats, and the gains in ADC units per mV at which they hold 10 mV. */
const digitisations = [
  { format: 212, adcGain: 200 },
  { format: 16, adcGain: 1000 },
] as const;

export const command = defineCommand({
  name: 'synthesize',
  takes: ['NAME'],
  summary:
    'Generates a synthetic ECG record with known truth. It writes the WFDB record NAME.hea and NAME.dat, its beat annotations NAME.atr (N, V, A), and NAME.truth.csv with the exact peak, onset, offset and steepest slopes of each beat on each lead. The same options give the same files.',
  options: {
    seconds: defaultsTo(number('S', 'duration in seconds', { above: 0 }), 60),
    frequency: defaultsTo(shared.frequency, 360),
    hr: defaultsTo(number('BPM', 'mean heart rate, beats/min'), 70),
    hrSd: defaultsTo(number('BPM', 'its standard deviation, beats/min'), 2),
    lfHf: defaultsTo(number('RATIO', 'its power at 0.1 Hz over that at 0.25 Hz'), 0.5),
    pvc: defaultsTo(number('SHARE', 'share of ventricular premature beats'), 0),
    apc: defaultsTo(number('SHARE', 'share of supraventricular premature beats'), 0),
    slow,
    delayed,
    breathing: defaultsTo(number('A', 'relative change of amplitude with breathing'), 0.05),
    variation: defaultsTo(number('A', 'relative change of amplitude and width from beat to beat'), 0.01),
    snr: { ...shared.snr, says: `adds noise at this ${shared.snr.says}; default no noise` },
    noiseKinds: noise,
    mains: defaultsTo(choice(['50', '60'], 'mains frequency, Hz'), '50'),
    leads,
    format: defaultsTo(
      { ...shared.format, says: 'WFDB signal format: 212 (200 units/mV) or 16 (1000 units/mV)' },
      212,
    ),
    seed: defaultsTo(shared.seed, 1),
    dir: defaultsTo(shared.dir, '.', 'the current folder'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  async run(values, [name = ''], files) {
    const { seed } = values;
    const digitisation = digitisations.find(({ format }) => format === values.format);
    if (digitisation === undefined) throw new UsageError(`--format is 212 or 16, not ${values.format}`);
    const levels = levelsOf(values.noiseKinds, Number(values.mains));
    for (const ending of ['hea', 'dat', 'atr', 'truth.csv'])
      await files.check(`${values.dir}/${name}.${ending}`);

    const ecg = inRange(() => {
      const clean = synthesize({
        samplingFrequency: values.frequency,
        seconds: values.seconds,
        seed,
        leads: values.leads,
        heartRate: { mean: values.hr, sd: values.hrSd, lfHfRatio: values.lfHf },
        premature: { ventricular: values.pvc, supraventricular: values.apc },
        slowConduction: [values.slow[0]!, values.slow.at(-1)!],
        delayedBeats: { share: values.delayed[0]!, factor: values.delayed[1]! },
        respiratoryModulation: values.breathing,
        beatVariation: values.variation,
      });
      if (values.snr === undefined) return clean;
      return withNoise(clean, levelsForSnr(clean, levels, values.snr, seed), seed);
    });
    await writeSyntheticRecord(files.sink(values.dir), name, ecg, digitisation, [
      `Synthetic ECG, seed ${seed}: sums of Gaussian waves, exact truth in ${name}.truth.csv`,
    ]);
    await files.commit();

    const count = (symbol: string): number => ecg.beats.filter(beat => beat.symbol === symbol).length;
    const summary = {
      record: name,
      samplingFrequency: ecg.samplingFrequency,
      samples: ecg.leads[0]!.voltage.length,
      leads: ecg.leads.map(lead => lead.name),
      beats: { N: count('N'), V: count('V'), A: count('A') },
    };
    if (values.json) printJson(summary);
    else {
      const { N, V, A } = summary.beats;
      print(
        `wrote ${name}: ${summary.samples} samples of ${summary.leads.join(', ')} at ${summary.samplingFrequency} Hz, ` +
          `${N} normal, ${V} ventricular and ${A} supraventricular beats`,
      );
    }
    return 0;
  },
});
