/** `evaluate delineation --ends`: the offsets of QRS complexes in a database where beats, but no borders are marked. */
import { qrsBounds } from '../../src/beat/delineate/qrs-bounds.ts';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { type ComplexEnds, emptyEnds, tallyEnds } from '../../src/beat/score/complex-ends.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { formatTable, percent } from '../../src/cli/table.ts';
import { recordsOf } from '../../src/node/database-records.ts';
import { wfdbPath } from '../../src/node/files.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { median } from '../../src/statistics.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../src/wfdb/annotations/symbols.ts';
import { readRecord } from '../../src/wfdb/record.ts';

/** A detected beat has the label of the annotation within this, s. */
const labelWindow = 0.15;

/** Prints, by beat label, the ends of the first lead's complexes at their detected beats. */
export async function evaluateEnds(database: string, annotator: string, json: boolean): Promise<void> {
  const source = searchPathSource();
  const names = await recordsOf(source, database, wfdbPath());
  const byLabel = new Map<string, ComplexEnds>();
  const progress = startProgress('bounding', names.length);
  for (const [k, name] of names.entries()) {
    progress.update(k, name);
    const { signals, samplingFrequency } = await readRecord(source, name);
    const voltage = signals[0]!.physical;
    const rPeaks = detectQrs(voltage, samplingFrequency);
    const marks = (await readAnnotations(source, name, annotator)).filter(({ symbol }) => isBeat(symbol));
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
    console.log(JSON.stringify({ database, annotator, ends: rows }, undefined, 2));
    return;
  }
  console.log(
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

/** Of each R peak the label of the nearest mark within `most` samples. */
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
