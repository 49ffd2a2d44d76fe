/** Measuring a lead part by part gives what measuring it at once gives, to the last digit that is printed. */
import { expect, test } from 'vitest';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { measureLeads } from '../../src/analysis/lead-slopes.ts';
import { readLead } from '../../src/analysis/leads.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureQuality } from '../../src/beat/quality.ts';
import { type BeatSlopes, measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../../src/beat/slopes/slope-summary.ts';
import { slopeRows } from '../../src/beat/slopes/slope-table.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { onRecordings } from '../real/recordings.ts';

onRecordings('mitdb')('half an hour, in three parts', () => {
  // 102 is paced, 207 has ventricular flutter, 208 many ectopic beats.
  test.each(['102', '207', '208'])('mitdb/%s', async record => {
    const recording = await openRecording(searchPathSource(), `mitdb/${record}`);
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
      expect(summary).toEqual(summarizeSlopes(measurement.beats, symbols));
    }
    expect(rows).toEqual(whole);
    // No measurement of a beat is forgotten when its places are moved to where they are in the lead.
    expect(inParts).toHaveLength(measurement.beats.length);
    for (const [k, beat] of inParts.entries()) expectClose(beat, measurement.beats[k]!);
  });
});

/** The same members, and numbers that differ by rounding alone. */
function expectClose(found: object, expected: object): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const other = (found as Record<string, unknown>)[name];
    if (typeof value === 'number') expect(other).toBeCloseTo(value, 8);
    else if (typeof value === 'object' && value !== null) expectClose(other as object, value);
    else expect(other).toEqual(value);
  }
}
