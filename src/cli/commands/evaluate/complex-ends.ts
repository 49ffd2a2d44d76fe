/** `evaluate delineation --ends`: QRS offsets in a database with beat annotations but without QRS boundaries. */
import { qrsBounds } from '../../../beat/delineate/qrs-bounds.ts';
import { detectQrs } from '../../../beat/detect/detect-qrs.ts';
import { type ComplexEnds, emptyEnds, tallyEnds } from '../../../beat/score/qrs-offset-check.ts';
import { recordsOf } from '../../../node/database-records.ts';
import { wfdbPath } from '../../../node/files.ts';
import { median } from '../../../statistics.ts';
import { readAnnotations } from '../../../wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../../wfdb/annotations/symbols.ts';
import { readRecord } from '../../../wfdb/record.ts';
import type { Source } from '../../../wfdb/source.ts';
import { print, printJson } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { formatTable, percent } from '../../table.ts';

/** A detected beat gets the label of the nearest annotation within this time, s. */
const labelWindow = 0.15;

/** Prints statistics of the QRS offsets of the detected beats on the first lead, by beat label. */
export async function evaluateEnds(source: Source, database: string, json: boolean): Promise<void> {
  const listed = await recordsOf(source, database, wfdbPath());
  const names = listed.map(name => `${database}/${name}`);
  const byLabel = new Map<string, ComplexEnds>();
  const progress = startProgress('bounding', names.length);
  for (const [k, name] of names.entries()) {
    progress.update(k, name);
    const { signals, samplingFrequency } = await readRecord(source, name);
    const voltage = signals[0]!.physical;
    const rPeaks = detectQrs(voltage, samplingFrequency);
    const marks = (await readAnnotations(source, name, 'atr')).filter(({ symbol }) => isBeat(symbol));
    const bounds = qrsBounds(voltage, samplingFrequency, rPeaks);
    for (const [beat, label] of labelsOf(rPeaks, marks, labelWindow * samplingFrequency).entries()) {
      if (label === undefined) continue;
      if (!byLabel.has(label)) byLabel.set(label, emptyEnds());
      tallyEnds(byLabel.get(label)!, voltage, samplingFrequency, bounds[beat]!);
    }
  }
  progress.stop();
  const rows = [...byLabel].map(([label, { beats, bounded, runningOn, durationsMs }]) => ({
    label,
    beats,
    bounded: bounded / beats,
    runningOn: runningOn / beats,
    qrsMs: durationsMs.length === 0 ? undefined : median(durationsMs),
  }));
  if (json) {
    printJson({ database, ends: rows }, 2);
    return;
  }
  print(
    formatTable([
      ['label', 'beats', 'bounds %', 'runs on %', 'QRS ms'],
      ...rows.map(({ label, beats, bounded, runningOn, qrsMs }) => [
        label,
        String(beats),
        percent(bounded, 2),
        percent(runningOn, 2),
        qrsMs === undefined ? '–' : qrsMs.toFixed(0),
      ]),
    ]),
  );
}

/** For each R peak, the label of the nearest annotation within `most` samples. */
function labelsOf(
  rPeaks: ArrayLike<number>,
  marks: readonly { readonly sample: number; readonly symbol: string }[],
  most: number,
): (string | undefined)[] {
  let next = 0;
  return Array.from(rPeaks, rPeak => {
    while (next < marks.length - 1 && marks[next]!.sample < rPeak) next++;
    const near = [marks[next - 1], marks[next]].filter(mark => mark !== undefined);
    const nearest = near.reduce<(typeof near)[number] | undefined>(
      (best, mark) =>
        best === undefined || Math.abs(mark.sample - rPeak) < Math.abs(best.sample - rPeak) ? mark : best,
      undefined,
    );
    return nearest && Math.abs(nearest.sample - rPeak) <= most ? nearest.symbol : undefined;
  });
}
