/** A synthetic ECG as files: a WFDB record, its beats as reference annotations, and the exact truth as a table. */
import { InputError } from '../input-error.ts';
import { type Annotation, writeAnnotations } from '../wfdb/annotations/annotation-file.ts';
import { type Sink, writeTogether } from '../wfdb/source.ts';
import { type SignalToWrite, writeRecord } from '../wfdb/write.ts';
import type { SyntheticEcg } from './synthesize.ts';

/** Format and gain with which voltages are digitised. */
export interface Digitisation {
  /** WFDB signal format: 212 (12 bits) or 16 (16 bits). */
  readonly format: 212 | 16;
  /** ADC units per mV. */
  readonly adcGain: number;
}

/** Largest magnitude of a sample; the lowest value of a format, one below it, marks invalid samples. */
const fullScale = { 212: 2047, 16: 32767 } as const;

/**
 * The leads as digitised by an analogue-to-digital converter: rounded, with 0 mV at 0, limited to full scale. Throws
 * `RangeError` unless the gain is positive.
 */
export function digitised(ecg: SyntheticEcg, { format, adcGain }: Digitisation): SignalToWrite[] {
  if (!(adcGain > 0 && Number.isFinite(adcGain)))
    throw new InputError(`an ADC gain is positive, not ${adcGain}`);
  const limit = fullScale[format];
  return ecg.leads.map(lead => ({
    name: lead.name,
    units: 'mV',
    adcGain,
    baseline: 0,
    adc: Int32Array.from(lead.voltage, mV => Math.min(Math.max(Math.round(mV * adcGain), -limit), limit)),
  }));
}

/** One annotation for each beat: its symbol at the sample nearest to its peak in the first lead. */
export const beatAnnotations = (ecg: SyntheticEcg): Annotation[] =>
  ecg.beats.map(beat => ({
    sample: beat.rPeak.sample,
    symbol: beat.symbol,
    subtype: 0,
    channel: 0,
    num: 0,
    aux: '',
  }));

const truthColumns = [
  'beat',
  'symbol',
  'slowConduction',
  'lead',
  'sample',
  'rPeak_s',
  'rPeak_mV',
  'qrsOnset_s',
  'qrsOffset_s',
  'upstroke_s',
  'upstroke_mV_per_s',
  'downstroke_s',
  'downstroke_mV_per_s',
];

/**
 * The ground truth as CSV: one row for each beat and lead, times to 1 µs, voltages to 0.1 µV, slopes to 0.1 µV/s.
 *
 * @example
 * const ecg = synthesize({ samplingFrequency: 360, seconds: 5, seed: 1, leads: [standardLead('II')] });
 * truthCsv(ecg).split('\n').length - 2 === ecg.beats.length // => true
 */
export function truthCsv(ecg: SyntheticEcg): string {
  const rows = ecg.beats.flatMap((beat, index) =>
    beat.leads.map((truth, lead) =>
      [
        index,
        beat.symbol,
        beat.slowConduction.toFixed(3),
        ecg.leads[lead]!.name,
        beat.rPeak.sample,
        truth.rPeak.time.toFixed(6),
        truth.rPeak.voltage.toFixed(4),
        truth.qrsOnsetTime.toFixed(6),
        truth.qrsOffsetTime.toFixed(6),
        truth.upstroke.time.toFixed(6),
        truth.upstroke.slope.toFixed(4),
        truth.downstroke.time.toFixed(6),
        truth.downstroke.slope.toFixed(4),
      ].join(','),
    ),
  );
  return `${[truthColumns.join(','), ...rows].join('\n')}\n`;
}

/**
 * Writes `name.hea` and `name.dat`, `name.atr` (beats) and `name.truth.csv` (see `truthCsv`). Throws
 * `RangeError` as `writeRecord` does.
 *
 * @example
 * const ecg = synthesize({ samplingFrequency: 360, seconds: 10, seed: 1, leads: [standardLead('II')] });
 * const sink = memorySink();
 * await writeSyntheticRecord(sink, 'made-up', ecg, { format: 212, adcGain: 200 }, []);
 * [...sink.files.keys()] // => ['made-up.dat', 'made-up.hea', 'made-up.atr', 'made-up.truth.csv']
 */
export async function writeSyntheticRecord(
  sink: Sink,
  name: string,
  ecg: SyntheticEcg,
  digitisation: Digitisation,
  comments: readonly string[],
): Promise<void> {
  const { samplingFrequency } = ecg;
  const signals = digitised(ecg, digitisation);
  const { format } = digitisation;
  await writeTogether(sink, async files => {
    await writeRecord(files, { name, samplingFrequency, signals, comments }, { format });
    await writeAnnotations(files, name, 'atr', beatAnnotations(ecg));
    await files.write(`${name}.truth.csv`, new TextEncoder().encode(truthCsv(ecg)));
  });
}
