/** What the panels work out before they draw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportData } from '../../src/analysis/report/report-data.ts';
import { beatsWithin, symbolText, tangentEnds } from '../../src/view/beat-marks.ts';
import { strongestSample } from '../../src/view/explain/sample-shading.ts';
import { probabilityText, sentences } from '../../src/view/explanation.ts';
import { rankedFeatures } from '../../src/view/features.ts';
import { lossColumns } from '../../src/view/loss.ts';
import { nextBeat } from '../../src/view/navigation.ts';
import {
  decimals,
  duration,
  logTickText,
  signed,
  significant,
  tickTexts,
} from '../../src/view/number-format.ts';
import { classMarks, countsByClass } from '../../src/view/palette.ts';
import { stepped } from '../../src/view/voltage.ts';
import { syntheticInput } from './fixture.ts';

const { beats, training, explanation } = reportData(syntheticInput(30));

describe('beats', () => {
  test('beatsWithin equals a plain filter by time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (from, length) => {
          const span = { startSeconds: from, endSeconds: from + length };
          expect(beatsWithin(beats, span)).toEqual(
            beats.filter(b => b.time >= span.startSeconds && b.time < span.endSeconds),
          );
        },
      ),
      { seed: 4 },
    );
  });

  test('stepping forward meets each beat of a class once, backward the same in reverse', () => {
    const ofV = beats.filter(beat => beat.symbol === 'V');
    const walk = (time: number, direction: 1 | -1): number[] => {
      const beat = nextBeat(beats, time, direction, 'V');
      return beat ? [beat.time, ...walk(beat.time, direction)] : [];
    };
    expect(walk(-1, 1)).toEqual(ofV.map(beat => beat.time));
    expect(walk(99, -1)).toEqual(ofV.map(beat => beat.time).reverse());
  });

  test('a symbol tells of the model only where it disagrees', () => {
    expect(symbolText({ time: 0, symbol: 'V', predicted: 'V' })).toBe('V');
    expect(symbolText({ time: 0, symbol: 'A', class: 'S', predicted: 'S' })).toBe('A');
    expect(symbolText({ time: 0, symbol: 'A', class: 'S', predicted: 'N' })).toBe('A→N');
  });

  test('a tangent has the measured slope on the canvas and its full length', () => {
    // 100 pixels a second, 50 a millivolt, y downward: 40 mV/s is 2000 pixels up in 100 across.
    const surface = { x: (s: number) => 100 * s, y: (mv: number) => 500 - 50 * mv };
    const [x0, y0, x1, y1] = tangentEnds(surface, { time: 2, slope: 40 }, 1, 30);
    expect((y1 - y0) / (x1 - x0)).toBeCloseTo(-20, 9);
    expect([(x0 + x1) / 2, (y0 + y1) / 2]).toEqual([expect.closeTo(200, 9), expect.closeTo(450, 9)]);
    expect(Math.hypot(x1 - x0, y1 - y0)).toBeCloseTo(60, 9);
  });

  test('classes are counted and marked: five of AAMI alike in every report, no two of eight alike', () => {
    expect(countsByClass(beats).map(([name]) => name)).toEqual(['N', 'V']);
    const marks = classMarks(['/', 'V', 'L', 'N', 'S', 'F', 'Q', 'R', 'V']);
    expect(marks.get('V')).toEqual(classMarks(['V']).get('V'));
    expect(new Set([...marks.values()].map(mark => mark.colour + mark.shape)).size).toBe(8);
  });
});

describe('numbers', () => {
  test('a logarithmic loss has gaps where the loss is not positive', () => {
    const zero = { ...training!, losses: [2, 0, null, 1], validationLosses: [1, -1, 3] };
    expect(lossColumns(zero, false)).toEqual([
      [0, 1, 2, 3],
      [2, 0, null, 1],
      [null, 1, -1, 3],
    ]);
    expect(lossColumns(zero, true)).toEqual([
      [0, 1, 2, 3],
      [2, null, null, 1],
      [null, 1, null, 3],
    ]);
  });

  test('a voltage range holds its data with a margin and ends on round steps', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (low, size) => {
          const [bottom, top] = stepped(low, low + size, 0);
          expect(bottom).toBeLessThanOrEqual(low);
          expect(top).toBeGreaterThanOrEqual(low + size);
          expect(top).toBeGreaterThan(bottom);
        },
      ),
      { seed: 5 },
    );
    expect(stepped(-0.3, 1.2, 0)).toEqual([-0.5, 1.5]);
  });

  test('texts', () => {
    expect([decimals(-0.0001, 2), decimals(-1.5, 1), decimals(Number.NaN, 1)]).toEqual(['0.00', '−1.5', '–']);
    expect([significant(1234.5), significant(0.0000123), signed(0.5), signed(-0.5), signed(0)]).toEqual([
      '1230',
      '1.2e−5',
      '+0.5',
      '−0.5',
      '0',
    ]);
    expect([duration(10), duration(1805.6), duration(3600)]).toEqual(['10 s', '30 min 6 s', '1 h 0 min 0 s']);
    expect(tickTexts([0, 0.25, 0.5])).toEqual(['0.00', '0.25', '0.50']);
    expect(tickTexts([-100, 0, 100])).toEqual(['−100', '0', '100']);
    expect([0.1, 0.2, 0.3, 5, 1000].map(logTickText)).toEqual(['0.1', '0.2', null, '5', '1000']);
    expect([0, 0.0002, 0.5, 0.9999, 1].map(probabilityText)).toEqual([
      '0.000',
      '< 0.001',
      '0.500',
      '> 0.999',
      '1.000',
    ]);
  });
});

describe('the explanation in words', () => {
  const msOf = (index: number): number => 10 * index - 20;

  test('names the class, the strongest sample, its side and the size of the change', () => {
    const gradient = [0, -0.5, 0.2];
    const [meaning, strongest] = sentences(
      { ...explanation!, voltageGradient: gradient },
      strongestSample(gradient),
      msOf,
    );
    expect(meaning).toContain('raising the voltage raises the probability of class V');
    // 0.01 mV × −0.5 per mV = −0.005, half a percentage point.
    expect(strongest).toContain('10 ms before the R peak');
    expect(strongest).toContain('about −0.5 percentage points');
  });

  test('says so when no sample matters', () => {
    const gradient = [0, null, 0];
    const [certain, odds] = sentences(
      { ...explanation!, voltageGradient: gradient },
      strongestSample(gradient),
      msOf,
    );
    expect(certain).toContain('the model is certain');
    expect(odds).toContain('Log-odds of V: 2.48');
  });

  test('features go by effect per deviation, and by derivative where a deviation is missing', () => {
    const slope = { name: 'slope', unit: 'mV/s', value: 40, gradient: -0.01, perDeviation: -0.3 };
    const rr = { name: 'rr', unit: 's', value: 0.8, gradient: 0.5, perDeviation: 0.1 };
    expect(rankedFeatures([rr, slope]).map(({ feature, effect }) => [feature.name, effect])).toEqual([
      ['slope', -0.3],
      ['rr', 0.1],
    ]);
    expect(
      rankedFeatures([{ ...slope, perDeviation: null }, rr]).map(({ feature, effect }) => [
        feature.name,
        effect,
      ]),
    ).toEqual([
      ['rr', 0.5],
      ['slope', -0.01],
    ]);
  });
});
