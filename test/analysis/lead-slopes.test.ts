/** Measuring a lead part by part gives what measuring it at once gives, to the last digit that is printed. */
import { expect, test } from 'vitest';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { measureLeads } from '../../src/analysis/lead-slopes.ts';
import { readLead } from '../../src/analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../src/analysis/open-recording.ts';
import { measureQuality } from '../../src/beat/quality/quality.ts';
import { isWithoutQrs } from '../../src/beat/quality/without-qrs.ts';
import { type BeatSlopes, measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../../src/beat/slopes/slope-summary.ts';
import { slopeRows } from '../../src/beat/slopes/slope-table.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { onRecordings } from '../real/recordings.ts';

onRecordings('mitdb')('an hour and a half, in two parts', () => {
  // 102 is paced, 207 has ventricular flutter, 208 many ectopic beats.
  test.each(['102', '207', '208'])('mitdb/%s', async record => {
    const recording = threeTimes(await openRecording(searchPathSource(), `mitdb/${record}`));
    const lead = recording.signals[0]!.name;
    const beats = await beatsOf(recording, [lead], 'detector');
    const { voltage, samplingFrequency } = await readLead(recording, lead);
    const { rPeaks, symbols } = beats;
    const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
    const quality = measureQuality(voltage, samplingFrequency, rPeaks);
    const whole = slopeRows({ record, lead, symbols, start: 0, measurement, quality: quality.beats });

    const rows: unknown[] = [];
    const inParts: BeatSlopes[] = [];
    const options = {
      async onRun(run: Parameters<typeof slopeRows>[0] & { firstBeat: number }): Promise<void> {
        for (const beat of run.measurement.beats) inParts.push(beat);
        for (const row of slopeRows({ ...run, record }, { firstBeat: run.firstBeat })) rows.push(row);
      },
    };
    for await (const { summary, windows, provenance } of measureLeads(recording, [lead], beats, options)) {
      expect(provenance).toEqual(measurement.provenance);
      expect(windows).toEqual(quality.windows);
      // What was detected in fibrillation is in the rows, and not in the summary.
      const isBeat = (_: unknown, k: number): boolean => !isWithoutQrs(quality.beats[k]!);
      expect(summary).toEqual(summarizeSlopes(measurement.beats.filter(isBeat), symbols.filter(isBeat)));
    }
    expect(rows).toEqual(whole);
    // No measurement of a beat is forgotten when its places are moved to where they are in the lead.
    expect(inParts).toHaveLength(measurement.beats.length);
    const wrong = inParts.flatMap((beat, k) => differences(beat, measurement.beats[k]!, `beat ${k}`));
    expect(wrong).toEqual([]);
  });
});

/** The recording three times over, as parts of a lead last an hour. */
function threeTimes(recording: OpenRecording): OpenRecording {
  return {
    ...recording,
    length: 3 * recording.length!,
    async *pieces(names) {
      for (let k = 0; k < 3; k++) yield* recording.pieces(names);
    },
  };
}

/** Paths of the members that are missing, surplus, or differ by more than rounding (5e-9). */
function differences(found: unknown, expected: unknown, path: string): string[] {
  if (typeof expected === 'number') {
    const isClose = typeof found === 'number' && Math.abs(found - expected) < 5e-9;
    return isClose || Object.is(found, expected) ? [] : [path];
  }
  if (typeof expected !== 'object' || expected === null) return found === expected ? [] : [path];
  if (typeof found !== 'object' || found === null) return [path];
  const members = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...members].flatMap(name =>
    name in found && name in expected
      ? differences(
          found[name as keyof typeof found],
          expected[name as keyof typeof expected],
          `${path}.${name}`,
        )
      : [`${path}.${name}`],
  );
}
