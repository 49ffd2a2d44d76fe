/**
 * P waves that are not conducted to the ventricles: in complete heart block, second-degree block and after blocked
 * atrial premature beats. The atrial activations besides the P waves of the beats are found by `atrialActivations`. A P
 * wave with a PR interval like its neighbours' belongs to its beat; where the PR intervals are arbitrary, none does.
 *
 * Flutter waves are none. Not found are P waves on a QRS complex, those on a T wave at the same place in every beat, and those of rhythms whose
 * P waves differ in shape (multifocal atrial tachycardia).
 */
import { median } from '../../statistics.ts';
import { leadsWithoutPacing } from '../pacing/pacing.ts';
import { type AtrialSearch, atrialActivations, type BeatOverLeads } from './atrial-activations.ts';
import { type AtrialCandidate, usualHeight } from './atrial-candidates.ts';
import { isConducted } from './atrial-rhythm.ts';
import type { DelineatedBeat } from './delineate.ts';
import { delineateUnpacedLeads } from './delineate-leads.ts';
import { fittedLine, lineSamples } from './fitted-line.ts';
import { inFlutter } from './flutter-waves.ts';
import { qrstResidual } from './qrst-residual.ts';
import { type DelineatedWave, waveBorders } from './wave-borders.ts';
import { pPeakModel } from './wave-models.ts';
import { heightAt } from './wave-peak.ts';

/** The delineation of simultaneously recorded leads. */
export interface LeadsDelineation {
  /** One list of beats per lead, in the order of the leads. A dissociated P wave belongs to no beat. */
  readonly leads: readonly (readonly DelineatedBeat[])[];
  /** P waves without a QRS complex of their own, in order of time; sample indices, medians over the leads. */
  readonly atrialEvents: readonly DelineatedWave[];
}

/** The range of PR intervals, from P peak to QRS onset, ms. */
const prMs = { least: 50, most: 420 };
/** Assumed times of QRS onset and offset relative to an R peak without boundaries, ms. */
const usualQrsMs = { onset: -50, offset: 70 };
/** P waves are dissociated from the beats after them only where this many are blocked among so many beats on either side. */
const fewestBlocked = 2;
const beatsAround = 8;
/** A P wave is visible in a lead in which its height is this many times the usual one. */
const leastVisible = 1.5;
const reachMs = 60;

/**
 * Delineates each beat in each lead, as `delineateLeads` does, and finds the P waves that belong to no beat. `leads`
 * are in mV, with a common sampling frequency and start; `rPeaks` as in `delineate`. Throws `RangeError` as `delineate`
 * does.
 *
 * @example delineateWithAtrialEvents([voltage], samplingFrequency, rPeaks).leads[0].length // => 501
 */
export function delineateWithAtrialEvents(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): LeadsDelineation {
  const voltages = leadsWithoutPacing(leads, samplingFrequency);
  const delineated = delineateUnpacedLeads(voltages, samplingFrequency, rPeaks);
  const fewest = lineSamples(pPeakModel.lineMs, samplingFrequency);
  if (voltages.length === 0 || rPeaks.length < 2 || voltages[0]!.length < fewest) {
    return { leads: delineated, atrialEvents: [] };
  }
  const { search, waveAt } = searchOf(voltages, samplingFrequency, delineated);
  const { free: all, withTypicalP } = atrialActivations(search);
  const flutter = inFlutter(voltages, samplingFrequency, rPeaks);
  const free = all.filter(({ sample, interval }) => {
    if (flutter[interval - 1] || flutter[interval]) return false;
    // Beyond the last beat a QRS complex may follow after the end of the record.
    const rest = (voltages[0]!.length - sample) / samplingFrequency;
    return interval < rPeaks.length || 1000 * rest > prMs.most;
  });
  const { own, events, dissociated } = assign(search, free);
  const blocked = events.map(waveAt.overLeads);
  // What was taken for the P wave of a dissociated beat may have been noise.
  const released = [...dissociated]
    .filter(k => withTypicalP.has(k))
    .map(k => overLeads(delineated.flatMap(beats => beats[k]!.p ?? [])));
  const conducted = new Map(own.map(activation => [activation.interval, waveAt.inLeads(activation)]));
  return {
    leads: delineated.map((beats, lead) =>
      beats.map((beat, k) => {
        if (dissociated.has(k)) return { ...beat, p: undefined };
        return conducted.has(k) ? { ...beat, p: conducted.get(k)![lead] } : beat;
      }),
    ),
    atrialEvents: [...blocked, ...released]
      .filter(wave => wave !== undefined)
      .sort((a, b) => a.peak - b.peak),
  };
}

/** The search for P waves, and the boundaries of a P wave in each lead and over the leads. */
function searchOf(
  voltages: readonly Float64Array[],
  samplingFrequency: number,
  delineated: readonly (readonly DelineatedBeat[])[],
): {
  search: AtrialSearch;
  waveAt: {
    inLeads(activation: AtrialCandidate): (DelineatedWave | undefined)[];
    overLeads(activation: AtrialCandidate): DelineatedWave | undefined;
  };
} {
  const perMs = samplingFrequency / 1000;
  const over = (k: number, of: (beat: DelineatedBeat) => number | undefined): number =>
    Math.round(median(delineated.map(beats => of(beats[k]!) ?? Number.NaN)));
  const residuals = voltages.map((voltage, lead) =>
    qrstResidual(voltage, samplingFrequency, delineated[lead]!),
  );
  const beats = delineated[0]!.map(
    ({ rPeak }, k): BeatOverLeads => ({
      rPeak,
      pPeak: over(k, ({ p }) => p?.peak),
      tPeak: over(k, ({ t }) => t?.peak),
      tOffset: over(k, ({ t }) => t?.offset),
      isSubtracted: residuals.every(({ spans }) => spans[k] !== undefined),
    }),
  );
  const onsets = beats.map(({ rPeak }, k) => {
    const onset = over(k, ({ qrs }) => qrs.onset);
    return Number.isNaN(onset) ? Math.max(0, rPeak + Math.round(usualQrsMs.onset * perMs)) : onset;
  });
  const { length } = voltages[0]!;
  const offsets = beats.map(({ rPeak }, k) => {
    const offset = over(k, ({ qrs }) => qrs.offset);
    return Number.isNaN(offset) ? Math.min(length, rPeak + Math.round(usualQrsMs.offset * perMs)) : offset;
  });
  const intervals = [...onsets, length].map((end, k) => ({ start: offsets[k - 1] ?? 0, end }));

  const lines = residuals.map(({ residual }) => fittedLine(residual, samplingFrequency, pPeakModel.lineMs));
  const units = lines.map(({ smooth }) => usualHeight(smooth, samplingFrequency, intervals));
  const residual = { smooth: lines.map(({ smooth }) => smooth), units, samplingFrequency, intervals };
  const smooth = voltages.map(voltage => fittedLine(voltage, samplingFrequency, pPeakModel.lineMs).smooth);
  const search = { beats, intervals, residual, voltage: { ...residual, smooth } };

  const borders = lines.map(line => waveBorders(line, samplingFrequency).p);
  const reach = Math.round(reachMs * perMs);
  const inLeads = ({ sample, interval }: AtrialCandidate): (DelineatedWave | undefined)[] =>
    borders.map((border, lead) => {
      const height = heightAt(lines[lead]!.smooth, sample, reach, intervals[interval]!);
      const isVisible = Math.abs(height) >= leastVisible * units[lead]!;
      return isVisible ? border([sample], [intervals[interval]])[0] : undefined;
    });
  return {
    search,
    waveAt: {
      inLeads,
      overLeads: activation => overLeads(inLeads(activation).filter(wave => wave !== undefined)),
    },
  };
}

/** The medians of boundaries and peaks; undefined without waves. */
function overLeads(waves: readonly DelineatedWave[]): DelineatedWave | undefined {
  if (waves.length === 0) return undefined;
  const of = (place: keyof DelineatedWave): number => Math.round(median(waves.map(wave => wave[place])));
  return { onset: of('onset'), peak: of('peak'), offset: of('offset') };
}

/** What becomes of the free activations and of the beats' P waves. */
interface Assignment {
  /** Activations that are conducted to the beat after them. */
  readonly own: readonly AtrialCandidate[];
  /** Activations that are conducted to no beat; others are uncertain. */
  readonly events: readonly AtrialCandidate[];
  /** Beats whose P wave is dissociated from them. */
  readonly dissociated: ReadonlySet<number>;
}

function assign({ beats, intervals, voltage }: AtrialSearch, free: readonly AtrialCandidate[]): Assignment {
  const last = new Map(free.map(activation => [activation.interval, activation]));
  const prOf = (sample: number, interval: number): number | undefined => {
    const ms = (1000 * (intervals[interval]!.end - sample)) / voltage.samplingFrequency;
    return ms >= prMs.least && ms <= prMs.most ? ms : undefined;
  };
  const pr = beats.map(({ pPeak }, k) => {
    const sample = Number.isNaN(pPeak) ? last.get(k)?.sample : pPeak;
    return sample === undefined ? undefined : prOf(sample, k);
  });
  // No beat can have conducted these: the next QRS complex is too late, or there is another P wave before it.
  const blocked = free.filter(
    activation =>
      activation.interval === beats.length ||
      last.get(activation.interval) !== activation ||
      !Number.isNaN(beats[activation.interval]!.pPeak) ||
      prOf(activation.sample, activation.interval) === undefined,
  );
  const counts = beats.map((_, k) => blocked.filter(({ interval }) => interval === k).length);
  const conducted = isConducted(pr, counts);
  const isDissociated = (k: number): boolean =>
    !conducted[k] &&
    blocked.filter(({ interval }) => Math.abs(interval - k) <= beatsAround).length >= fewestBlocked;
  const others = free.filter(activation => !blocked.includes(activation));
  return {
    own: others.filter(({ interval }) => conducted[interval]),
    events: [...blocked, ...others.filter(({ interval }) => isDissociated(interval))],
    dissociated: new Set(
      beats.flatMap(({ pPeak }, k) => (!Number.isNaN(pPeak) && isDissociated(k) ? [k] : [])),
    ),
  };
}
