/** QRS detection in paced rhythms: the detected beats with the pacing stimulus compared to those without it. */
import { detectQrs } from '../../beat/detect/detect-qrs.ts';
import { findPacingSpikes } from '../../beat/pacing/pacing.ts';
import { createRandom } from '../../random.ts';
import { regularTimes } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { addPacingStimulus } from '../../synth/pacing-stimulus.ts';
import { combinations, type GridRow, type GridSummary, heartGrid } from './grid.ts';

const seconds = 40;
/**
 * A P wave, a wide notched QRS complex that begins about 80 ms before the beat time, and a discordant T wave (mV, s).
 */
const waves = {
  P: [{ amplitude: 0.12, center: -0.22, width: 0.022 }],
  QRS: [
    { amplitude: 0.7, center: -0.02, width: 0.02 },
    { amplitude: 0.9, center: 0.025, width: 0.024 },
  ],
  T: [{ amplitude: -0.35, center: 0.36, width: 0.06 }],
};
/** Stimulus times relative to the beat time, s: 60 ms before the P wave, and at the onset of the QRS complex. */
const places: Readonly<Record<string, readonly number[]>> = {
  atrial: [-0.34],
  ventricular: [-0.09],
  'dual-chamber': [-0.34, -0.09],
};
/** Residual polarisation after the stimulus as a fraction of its amplitude, and its decay time constant, ms. */
const tails: Readonly<Record<string, { readonly tail: number; readonly tauMs: number }>> = {
  bipolar: { tail: 0, tauMs: 1 },
  unipolar: { tail: 0.15, tauMs: 8 },
};
/** Detections farther than this from the one without the stimulus are considered to be on another deflection, ms. */
const sameMs = 15;

export const pacing = heartGrid({
  name: 'pacing',
  about: `paced beats marked within ${sameMs} ms of where they are without the stimulus, and stimuli found`,
  cells: combinations({
    chamber: Object.keys(places),
    amplitude: [1, -2, 5, -10, 20],
    electrode: Object.keys(tails),
    widthMs: [0.5, 2],
    samplingFrequency: [250, 360, 500, 1000],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ chamber, amplitude, electrode, widthMs, samplingFrequency, seed }) {
    const random = createRandom(seed);
    const times = regularTimes(0.9, seconds, 0.02, random).filter(t => t > 0.6 && t < seconds - 0.6);
    const events = times.map((time): Activation => ({ time, symbol: 'N', waves }));
    const { leads } = synthesizeActivations(events, seconds, samplingFrequency);
    const clean = leads[0]!.voltage.map(value => value + 0.005 * random.normal());
    const stimuli = times.flatMap(time => places[chamber]!.map(place => time + place));
    const paced = clean.slice();
    for (const at of stimuli) {
      addPacingStimulus(paced, samplingFrequency, { at, amplitude, widthMs, ...tails[electrode]! });
    }
    const spikes = findPacingSpikes(paced, samplingFrequency).map(({ sample }) => sample / samplingFrequency);
    const truth = Array.from(detectQrs(clean, samplingFrequency), sample => sample / samplingFrequency);
    const marks = Array.from(detectQrs(paced, samplingFrequency), sample => sample / samplingFrequency);
    const hasNear = (list: readonly number[], time: number, within: number): boolean =>
      list.some(other => Math.abs(other - time) <= within);
    const same = truth.filter(time => hasNear(marks, time, sameMs / 1000)).length;
    const found = stimuli.filter(time => hasNear(spikes, time, 0.006)).length;
    return {
      beats: truth.length,
      same,
      extra: Math.max(0, marks.length - truth.length),
      share: same / truth.length,
      stimuli: stimuli.length,
      stimuliFound: found,
      stimuliFoundShare: found / stimuli.length,
    };
  },
  summarize,
});

function summarize(rows: readonly GridRow[]): GridSummary {
  const sum = (name: string): number => rows.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
  return {
    figures: {
      cells: rows.length,
      beats: sum('beats'),
      same: sum('same'),
      extra: sum('extra'),
      share: sum('same') / sum('beats'),
      stimuli: sum('stimuli'),
      stimuliFound: sum('stimuliFound'),
      stimuliFoundShare: sum('stimuliFound') / sum('stimuli'),
      cellsBelow99: rows.filter(({ figures }) => figures.share! < 0.99).length,
    },
    worst: rows.reduce((worst, row) => (row.figures.share! < worst.figures.share! ? row : worst)),
  };
}
