/** Quality of recorded leads: clean, with recorded noise added in a measured amount, cut off, and of each kind of beat. */
import { expect, test } from 'vitest';
import { measureQuality } from '../../src/beat/quality/quality.ts';
import { sampleFault, sampleFaults } from '../../src/beat/quality/sample-faults.ts';
import { withStressNoise } from '../../src/beat/score/noise-stress.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { fileSource } from '../../src/node/files.ts';
import { median } from '../../src/statistics.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../src/wfdb/annotations/symbols.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

const source = fileSource();

async function leadOf(name: string, lead: string) {
  const { signals, samplingFrequency } = await readRecord(source, `mitdb/${name}`, { signals: [lead] });
  const marks = (await readAnnotations(source, `mitdb/${name}`, 'atr')).filter(a => isBeat(a.symbol));
  return { voltage: signals[0]!.physical, samplingFrequency, marks, rPeaks: marks.map(a => a.sample) };
}

const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length;

onRecordings('mitdb')('quality of mitdb', () => {
  test.each(['100', '103', '231'])('%s: nearly every beat is good', async name => {
    const { voltage, samplingFrequency, rPeaks } = await leadOf(name, 'MLII');
    const { beats, windows } = measureQuality(voltage, samplingFrequency, rPeaks);
    expect(share(beats.map(({ good }) => good))).toBeGreaterThan(0.995);
    expect(share(windows.map(({ good }) => good))).toBe(1);
  });

  test('208: ventricular beats are dissimilar, and as good as the others', async () => {
    const { voltage, samplingFrequency, rPeaks, marks } = await leadOf('208', 'MLII');
    const { beats } = measureQuality(voltage, samplingFrequency, rPeaks);
    const ofSymbol = (symbol: string) => beats.filter((_, k) => marks[k]!.symbol === symbol);
    const dissimilar = (symbol: string) =>
      share(ofSymbol(symbol).map(({ flags }) => flags.includes('dissimilar')));
    expect(dissimilar('V')).toBeGreaterThan(0.5);
    expect(dissimilar('N')).toBeLessThan(0.02);
    expect(share(ofSymbol('V').map(({ good }) => good))).toBeGreaterThan(0.99);
  });

  test.each(['116', '223'])(
    '%s runs into the rails of the converter, ±5.12 mV, and nowhere else',
    async name => {
      const { signals, samplingFrequency } = await readRecord(source, `mitdb/${name}`);
      const values = signals.map(({ physical }) => {
        const faults = sampleFaults(physical, samplingFrequency);
        return new Set(physical.filter((_, i) => faults[i]! & sampleFault.clipped));
      });
      const lead = name === '116' ? 0 : 1;
      expect(values[lead]).toEqual(new Set([-5.12, 5.115]));
      expect(values[1 - lead]).toEqual(new Set());
    },
  );

  test('103, cut off at 80 % of its height as a converter would: every beat as high is clipped', async () => {
    const { voltage, samplingFrequency, rPeaks } = await leadOf('103', 'MLII');
    const tops = rPeaks.map(rPeak => Math.max(...voltage.subarray(Math.max(0, rPeak - 20), rPeak + 20)));
    const rail = 0.8 * [...tops].sort((a, b) => a - b)[tops.length >> 1]!;
    const { beats } = measureQuality(
      voltage.map(v => Math.min(v, rail)),
      samplingFrequency,
      rPeaks,
    );
    const clipped = beats.filter((_, k) => tops[k]! > 1.1 * rail);
    expect(clipped.length / beats.length).toBeGreaterThan(0.8);
    expect(share(clipped.map(({ flags }) => flags.includes('clipped')))).toBeGreaterThan(0.95);
    expect(
      measureQuality(voltage, samplingFrequency, rPeaks).beats.flatMap(({ flags }) => flags),
    ).not.toContain('clipped');
  });
});

onRecordings('nstdb')('118 with muscle noise of nstdb', () => {
  // How much of the noise is above 13 Hz changes from second to second; the beats that are called good measure well.
  test.each([
    [12, 0.25],
    [6, 0.5],
  ])(
    'at %i dB at least %f of the beats in noise are noisy, nearly none outside, and their slopes are farther off',
    async (snrDb, least) => {
      const { voltage, samplingFrequency, rPeaks, marks } = await leadOf('118', 'MLII');
      const noise = (await readRecord(source, 'nstdb/ma')).signals[0]!.physical;
      const noisy = withStressNoise(voltage, noise, marks, samplingFrequency, snrDb);
      const { beats } = measureQuality(noisy, samplingFrequency, rPeaks);
      const isNoisy = beats.map(({ flags }) => flags.includes('noisy'));
      // After five minutes noise comes on for two minutes in every four.
      const minutes = rPeaks.map(rPeak => rPeak / samplingFrequency / 60 - 5);
      const inNoise = minutes.map(m => m > 0.02 && m % 4 > 0.02 && m % 4 < 1.98);
      expect(share(isNoisy.filter((_, k) => inNoise[k]))).toBeGreaterThan(least);
      expect(share(isNoisy.filter((_, k) => minutes[k]! < -0.02))).toBeLessThan(0.02);

      // Of the two strokes the steeper.
      const steepest = (lead: Float64Array): number[] =>
        measureSlopes(lead, samplingFrequency, rPeaks).beats.map(
          ({ downstroke }) => downstroke?.slope ?? Number.NaN,
        );
      const [clean, measured] = [steepest(voltage), steepest(noisy)];
      const error = (which: boolean): number =>
        median(
          measured.flatMap((slope, k) =>
            inNoise[k] && isNoisy[k] === which ? Math.abs(slope / clean[k]! - 1) : [],
          ),
        );
      expect(error(false)).toBeLessThan(0.1);
      expect(error(true)).toBeGreaterThan(2 * error(false));
    },
  );
});
