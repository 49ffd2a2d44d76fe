/**
 * The derivative through the typical beat against central differences of the whole computation: every sample of the
 * lead moves, and beats are aligned, the typical beat formed and features computed anew.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ClassifiedBeats, classifyBeats, explainBeat } from '../../src/analysis/classify.ts';
import { type LeadBeats, readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { rPeakGradient } from '../../src/analysis/r-peak-gradient.ts';
import { typicalBeatGradient } from '../../src/analysis/typical-beat-gradient.ts';
import { beatInputNames, createBeatInputs, describeInputsAgainst } from '../../src/beat/beat-inputs.ts';
import { beatFeatures, windowOf } from '../../src/beat/features/beat-features.ts';
import { cutWindows } from '../../src/beat/features/beat-window.ts';
import { featureConstants } from '../../src/beat/features/feature-constants.ts';
import { intervalsBefore, rrFeatures } from '../../src/beat/features/rr-features.ts';
import { typicalBeatOf } from '../../src/beat/features/typical-beat.ts';
import { wholeLead } from '../../src/beat/lead-part.ts';
import { vjp } from '../../src/diff/grad.ts';
import { differentiator } from '../../src/diff/scheme.ts';
import { tensor } from '../../src/diff/tensor.ts';
import { beatProbabilities } from '../../src/learn/explain.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';
import { createRandom } from '../../src/random.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const model = parseModel(readFileSync(`${samples}/model-ds1-without-208.json`, 'utf8'));
const adcStep = 1 / 200;
let recorded: LeadBeats;
/** The same with noise below the quantisation, so that few medians tie. */
let dithered: LeadBeats;
let classified: ClassifiedBeats;
beforeAll(async () => {
  recorded = await readLeadBeats(fileSource([samples]), 'mitdb-208-excerpt', {
    lead: 'MLII',
    beats: 'detector',
  });
  const random = createRandom(5);
  dithered = {
    ...recorded,
    voltage: recorded.voltage.map(value => value + adcStep * (random.uniform() - 0.5)),
  };
  classified = classifyBeats(model, dithered);
});

const step = 1e-7;
const width = model.features.length;
const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, k) => sum + value * b[k]!, 0);

/** p of the target from features of the whole lead, in the context of the beat as it was. */
function probability(of: ClassifiedBeats, beat: number, target: string): number {
  const row = tensor(of.features.x.data.slice(beat * width, (beat + 1) * width));
  return beatProbabilities(model, row, classified.contexts![beat]!).data[model.classes.indexOf(target)]!;
}

describe('the derivative through the typical beat', () => {
  test('is, with the direct one, that of the whole computation on 60 real beats', () => {
    const random = createRandom(7);
    const direction = Float64Array.from(dithered.voltage, () => random.normal());
    const moved = (sign: number): ClassifiedBeats =>
      classifyBeats(model, {
        ...dithered,
        voltage: dithered.voltage.map((value, k) => value + sign * step * direction[k]!),
      });
    const [ahead, behind] = [moved(1), moved(-1)];
    expect(ahead.features.aligned).toEqual(classified.features.aligned);
    let smooth = 0;
    let own = 0;
    for (let beat = 60; beat < 480; beat += 7) {
      const explanation = explainBeat(model, dithered, classified, beat);
      const found = typicalBeatGradient(model, dithered, classified, explanation, beat);
      if (found.kinks.length > 0) continue;
      smooth++;
      if (found.beats.includes(beat)) own++;
      const { target, voltageGradient, windowStart } = explanation;
      const through = product(found.leadGradient, direction);
      const given = through + product(voltageGradient, direction.subarray(windowStart));
      const measured = (probability(ahead, beat, target) - probability(behind, beat, target)) / (2 * step);
      expect(Math.abs(given - measured), `beat ${beat}`).toBeLessThan(1e-4 * Math.abs(measured) + 1e-8);
    }
    expect(smooth).toBeGreaterThan(50);
    expect(own).toBeGreaterThan(5);
  }, 300_000);

  test('names the features whose medians tie between quantised samples', () => {
    const asRecorded = classifyBeats(model, recorded);
    const explanation = explainBeat(model, recorded, asRecorded, 104);
    const { kinks } = typicalBeatGradient(model, recorded, asRecorded, explanation, 104);
    expect(kinks).toContain('slopeCorrelation');
    const smooth = explainBeat(model, dithered, classified, 60);
    expect(typicalBeatGradient(model, dithered, classified, smooth, 60).kinks).toEqual([]);
  });

  test('is that of every input, of the waveform too', () => {
    const beat = 100;
    const { features, rhythm } = classified;
    const { window, aligned, typicalBeats } = features;
    const places = Int32Array.from(typicalBeats, other => aligned[other]!);
    const windows = cutWindows(dithered.voltage, places, window);
    const own = windowOf(dithered.voltage, features, beat);
    const against = describeInputsAgainst(beatInputNames, features, rhythm, beat);
    const { value, pullback } = vjp(others => against(own, typicalBeatOf(others!, window)), windows);
    const random = createRandom(9);
    const direction = Float64Array.from(dithered.voltage, () => random.normal());
    const inputsAt = (sign: number): Float64Array => {
      const voltage = dithered.voltage.map((v, k) => v + sign * step * direction[k]!);
      const moved = beatFeatures(voltage, dithered.samplingFrequency, dithered.rPeaks);
      return describeInputsAgainst(
        beatInputNames,
        features,
        rhythm,
        beat,
      )(own, typicalBeatOf(cutWindows(voltage, places, moved.window), window)).data;
    };
    const [ahead, behind] = [inputsAt(1), inputsAt(-1)];
    const directions = cutWindows(direction, places, window).data;
    for (let k = 0; k < value.data.length; k += 5) {
      const unit = new Float64Array(value.data.length);
      unit[k] = 1;
      const given = product(pullback(tensor(unit))[0]!.data, directions);
      const measured = (ahead[k]! - behind[k]!) / (2 * step);
      expect(Math.abs(given - measured), beatInputNames[k]!.name).toBeLessThan(
        1e-4 * Math.abs(measured) + 1e-7,
      );
    }
    const asMeasured = createBeatInputs(beatInputNames, features, rhythm, dithered.rPeaks);
    asMeasured.add(wholeLead(dithered.voltage));
    const row = asMeasured.x.data.subarray(beat * beatInputNames.length);
    value.data.forEach((v, k) => {
      expect(v).toBeCloseTo(row[k]!, 9);
    });
  }, 60_000);

  test('with the R peak: a later peak moves the window of the beat in the typical beat too', () => {
    const { features, contexts } = classified;
    const { window, aligned, typicalBeats } = features;
    const beat = typicalBeats.find(each => each > 100)!;
    const explanation = explainBeat(model, dithered, classified, beat);
    const through = typicalBeatGradient(model, dithered, classified, explanation, beat);
    const own = through.ownGradient;
    expect(own.some(value => value !== 0)).toBe(true);
    const both = {
      ...explanation,
      voltageGradient: explanation.voltageGradient.map((value, k) => value + own[k]!),
    };
    const { perSecond } = rPeakGradient(dithered, classified, both, beat);

    const { voltage, samplingFrequency } = dithered;
    const slope = differentiator(featureConstants.scheme, voltage.length, samplingFrequency).apply(voltage);
    const places = Int32Array.from(typicalBeats, other => aligned[other]!);
    const row = typicalBeats.indexOf(beat);
    const start = aligned[beat]! - window.rIndex;
    const against = describeInputsAgainst(model.features, features, classified.rhythm, beat);
    const at = (shift: number): number => {
      const moved = windowOf(voltage, features, beat).data.map(
        (value, k) => value + (shift * slope[start + k]!) / samplingFrequency,
      );
      const windows = cutWindows(voltage, places, window);
      windows.data.set(moved, row * window.length);
      const described = against(tensor(moved), typicalBeatOf(windows, window)).data;
      const peaks = Float64Array.from(dithered.rPeaks, (peak, k) => (k === beat ? peak + shift : peak));
      const rr = intervalsBefore(peaks, samplingFrequency);
      rrFeatures.forEach(({ of }, k) => {
        described[described.length - rrFeatures.length + k] = of(rr)[beat]!;
      });
      const p = beatProbabilities(model, tensor(described), contexts![beat]!);
      return p.data[model.classes.indexOf(explanation.target)]!;
    };
    const measured = ((at(1e-6) - at(-1e-6)) / 2e-6) * samplingFrequency;
    expect(Math.abs(perSecond - measured)).toBeLessThan(1e-4 * Math.abs(measured));
  });
});
