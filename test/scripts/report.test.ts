/** The quality spans of a report, of a recording that its page holds whole and of one that is too long for that. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { mostPageSamples } from '../../src/analysis/report/long-report.ts';
import { qualitySpans } from '../../src/analysis/report/quality-spans.ts';
import { parsePageData } from '../../src/analysis/report/report-page.ts';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { measureQuality } from '../../src/beat/quality/quality.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { createRandom } from '../../src/random.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const samplingFrequency = 250;

/** A beat a second with little noise; a flat minute from 100 s and a noisy one from 200 s on, in mV. */
function leadOf(seconds: number): Float64Array {
  const random = createRandom(5);
  return Float64Array.from({ length: seconds * samplingFrequency }, (_, i) => {
    const time = i / samplingFrequency;
    if (time >= 100 && time < 160) return 0;
    const noise = time >= 200 && time < 260 ? 0.15 : 0.005;
    const adc = 200 * (Math.exp(-(((time % 1) - 0.5) ** 2) / 0.0002) + noise * random.normal());
    return Math.round(adc) / 200;
  });
}

test.each([
  { name: 'whole', seconds: 300 },
  { name: 'long', seconds: Math.ceil(mostPageSamples / samplingFrequency) + 100 },
])('a $name report marks the flat and the noisy minute, as measured over the whole lead', async part => {
  const voltage = leadOf(part.seconds);
  const adc = Int32Array.from(voltage, v => Math.round(200 * v));
  await writeRecord(
    folderSink(folder),
    {
      name: part.name,
      samplingFrequency,
      signals: [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc }],
    },
    { format: 16 },
  );
  const out = join(folder, `${part.name}.html`);
  const { status, stderr } = await run(['report', part.name, '--detect', '--out', out], { WFDB: folder });
  expect([status, stderr]).toEqual([0, '']);
  const page = readFileSync(out, 'utf8');
  const data = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(page)![1]!;
  const { spans = [], lead } = parsePageData(data);
  expect(lead!.thinned !== undefined).toBe(part.name === 'long');
  const found = spans.filter(({ kind }) => kind === 'quality');
  const rPeaks = detectQrs(voltage, samplingFrequency);
  expect(found).toEqual(qualitySpans(measureQuality(voltage, samplingFrequency, rPeaks), samplingFrequency));
  const isAt = (time: number, flag: string): boolean =>
    found.some(
      ({ startSeconds, endSeconds, label }) =>
        startSeconds <= time && time < endSeconds && label.includes(flag),
    );
  expect([isAt(130, 'flat'), isAt(230, 'noisy'), isAt(50, ''), isAt(280, '')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
