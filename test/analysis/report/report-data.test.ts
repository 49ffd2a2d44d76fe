import { describe, expect, test } from 'vitest';
import { decodeSamples } from '../../../src/analysis/report/encoded-samples.ts';
import { reportData } from '../../../src/analysis/report/report-data.ts';
import { syntheticInput } from '../../view/fixture.ts';

describe('reportData', () => {
  test('survives JSON, with no NaN left', () => {
    const input = syntheticInput(20);
    const data = reportData({
      ...input,
      training: { ...input.training!, losses: [2, Number.NaN], validationLosses: [] },
      explanation: {
        ...input.explanation!,
        voltage: Float64Array.of(1, Number.NaN),
        voltageGradient: Float64Array.of(Number.NEGATIVE_INFINITY, 0.5),
      },
    });
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(data.training?.losses).toEqual([2, null]);
    expect(data.explanation?.voltage).toEqual([1, null]);
    expect(data.explanation?.voltageGradient).toEqual([null, 0.5]);
  });

  test('the samples in the page are the samples given, to a thousandth of a millivolt', () => {
    const { lead } = syntheticInput(20);
    const back = decodeSamples(reportData({ record: 'x', lead: lead! }).lead!.voltage);
    const worst = lead!.voltage.reduce((most, value, i) => Math.max(most, Math.abs(value - back[i]!)), 0);
    expect(worst).toBeLessThan(0.001);
  });

  test('beats come in order of time; a slope that is not a number is left out of its beat', () => {
    const { beats } = reportData({
      record: 'x',
      beats: [
        { time: 2, symbol: 'V', upstroke: { time: 2, slope: Number.NaN } },
        { time: 1, symbol: 'N', upstroke: { time: 0.99, slope: 80 }, probability: Number.NaN },
        { time: Number.NaN, symbol: 'N' },
      ],
    });
    expect(beats).toEqual([
      { time: 1, symbol: 'N', upstroke: { time: 0.99, slope: 80 } },
      { time: 2, symbol: 'V' },
    ]);
  });

  test('absent parts are absent from the data', () => {
    expect(reportData({ record: 'x' })).toEqual({ record: 'x', beats: [] });
  });

  test('lengths that disagree and rates that are none are refused, with the numbers', () => {
    const { lead, training, confusion, explanation } = syntheticInput(20);
    const one = new Float64Array(1);
    const report = (part: object) => () => reportData({ record: 'x', ...part });
    expect(report({ lead: { ...lead!, derivative: one } })).toThrow(
      'derivative has 1 values, voltage has 7200',
    );
    expect(report({ lead: { ...lead!, samplingFrequency: 0 } })).toThrow('of Hz, not 0');
    expect(
      report({ lead: { ...lead!, voltage: new Float64Array(0), derivative: new Float64Array(0) } }),
    ).toThrow('no samples');
    expect(report({ training: { ...training!, validationLosses: [1] } })).toThrow(
      '1 validation losses for 61 losses',
    );
    expect(report({ confusion: { ...confusion!, classes: ['N'] } })).toThrow(RangeError);
    expect(report({ explanation: { ...explanation!, voltageGradient: one } })).toThrow(
      'voltageGradient has 1 values',
    );
    expect(report({ explanation: { ...explanation!, target: 'X' } })).toThrow('target class X');
    expect(report({ explanation: { ...explanation!, probabilities: [1, 0, Number.NaN, 0, 0] } })).toThrow(
      '0 … 1',
    );
  });
});
