/** Decodes the samples of one signal from data records: digital values and physical values. */
import type { Signal } from '../record.ts';
import type { EdfFile } from './data-records.ts';
import type { EdfHeader, EdfSignal } from './header.ts';
import type { DataRecords, FrameWindow } from './window-records.ts';

/** Value of `adc` where a discontinuous file has no samples. */
const invalidAdc = -(2 ** 31);
const uncalibratedGain = 200;

/** The samples of one signal in a window. */
export function signalIn(
  { file, header, losses }: EdfFile,
  signal: EdfSignal,
  records: DataRecords,
  framesPerRecord: number,
  window: FrameWindow,
): Signal {
  const { invalid, ...samples } = decode(signal, header, records, framesPerRecord, window);
  if (invalid > 0) {
    losses.note({
      code: 'inconsistent',
      file,
      expected: `samples of '${signal.label}'`,
      found: `${mit2edfInvalid}, which mit2edf writes for none`,
      count: invalid,
      what: 'samples read as invalid',
    });
  }
  return {
    name: signal.label,
    units: signal.dimension,
    samplingFrequency: signal.samplesPerRecord / header.recordSeconds,
    ...samples,
  };
}

type Samples = Pick<Signal, 'adcGain' | 'baseline' | 'calibrated' | 'adc' | 'physical'>;

/** The value that mit2edf writes for an invalid sample, and the texts that identify its files. */
const mit2edfInvalid = -32768;
const isOfMit2edf = ({ transducer, prefiltering }: EdfSignal): boolean =>
  transducer === 'transducer type not recorded' && prefiltering === 'prefiltering not recorded';

/** Decodes the samples of one signal in a window, and counts those marked invalid. */
function decode(
  signal: EdfSignal,
  header: EdfHeader,
  { bytes, starts }: DataRecords,
  framesPerRecord: number,
  window: FrameWindow,
): Samples & { readonly invalid: number } {
  const { digitalMinimum, digitalMaximum, physicalMinimum, physicalMaximum, samplesPerRecord } = signal;
  const calibrated = digitalMaximum !== digitalMinimum && physicalMaximum !== physicalMinimum;
  const adcGain = calibrated
    ? (digitalMaximum - digitalMinimum) / (physicalMaximum - physicalMinimum)
    : uncalibratedGain;
  const baseline = calibrated ? digitalMinimum - physicalMinimum * adcGain : 0;

  const { bytesPerSample } = header;
  const samplesPerFrame = samplesPerRecord / framesPerRecord;
  const offset = window.from * samplesPerFrame;
  const adc = new Int32Array((window.to - window.from) * samplesPerFrame).fill(invalidAdc);
  for (let r = 0; r < starts.length; r++) {
    const place = starts[r]! * samplesPerFrame - offset;
    const first = Math.max(0, -place);
    const end = Math.min(samplesPerRecord, adc.length - place);
    let byte = r * header.recordBytes + signal.byteOffset + bytesPerSample * first;
    if (bytesPerSample === 2) {
      for (let i = first; i < end; i++, byte += 2) {
        adc[place + i] = ((bytes[byte]! | (bytes[byte + 1]! << 8)) << 16) >> 16;
      }
    } else {
      for (let i = first; i < end; i++, byte += 3) {
        adc[place + i] = ((bytes[byte + 2]! << 24) >> 8) | (bytes[byte + 1]! << 8) | bytes[byte]!;
      }
    }
  }
  const mark = isOfMit2edf(signal) ? mit2edfInvalid : invalidAdc;
  let invalid = 0;
  const physical = new Float64Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    const value = adc[i]!;
    if (value === invalidAdc) physical[i] = Number.NaN;
    else if (value === mark) {
      physical[i] = Number.NaN;
      invalid++;
    } else physical[i] = (value - baseline) / adcGain;
  }
  return { adcGain, baseline, calibrated, adc, physical, invalid };
}
