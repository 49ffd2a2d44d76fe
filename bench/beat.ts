/**
 * `npm run bench beat`: QRS detection, detection with slopes, and delineation over a lead of 650,000 samples at 360 Hz,
 * against a plain 15-tap FIR loop over the same lead; where Python has them also the detectors of sleepecg (in C) and
 * NeuroKit2 (`bench/requirements.txt`), on the same samples. They run in turn, and the run of each with the least processor
 * time counts. Then, if the MIT-BIH Arrhythmia Database is on the WFDB path, one pass over the first leads of its 48 records.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { delineate } from '../src/beat/delineate/delineate.ts';
import { detectQrs } from '../src/beat/detect/detect-qrs.ts';
import { measureSlopes } from '../src/beat/slopes/measure-slopes.ts';
import { recordsOf } from '../src/node/database-records.ts';
import { fileSource, wfdbPath } from '../src/node/files.ts';
import { standardLead } from '../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../src/synth/noise.ts';
import { synthesize } from '../src/synth/synthesize.ts';
import { readRecord } from '../src/wfdb/record.ts';

const samplingFrequency = 360;
const samples = 650_000;
const rounds = 30;
const seed = 1;

const ecg = synthesize({
  samplingFrequency,
  seconds: samples / samplingFrequency,
  seed,
  leads: [standardLead('II')],
  premature: { ventricular: 0.05, supraventricular: 0.05 },
});
const levels = levelsForSnr(ecg, { baselineWander: 1, muscle: 1, white: 0.2 }, 18, seed);
const voltage = withNoise(ecg, levels, seed).leads[0]!.voltage;

const taps = Float64Array.from({ length: 15 }, (_, i) => 1 / (i + 1));
const filtered = new Float64Array(voltage.length);
const fir = (): void => {
  for (let n = taps.length - 1; n < voltage.length; n++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * voltage[n - k]!;
    filtered[n] = sum;
  }
};

const rPeaks = detectQrs(voltage, samplingFrequency);
const works = {
  '15-tap FIR': { rounds, run: fir },
  detection: { rounds, run: () => detectQrs(voltage, samplingFrequency) },
  'detection and slopes': {
    rounds,
    run: () => measureSlopes(voltage, samplingFrequency, detectQrs(voltage, samplingFrequency)),
  },
  delineation: { rounds: 5, run: () => delineate(voltage, samplingFrequency, rPeaks) },
};
const fastest = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(works)) {
    if (round >= work.rounds) continue;
    const start = process.cpuUsage();
    work.run();
    const milliseconds = 1000 * seconds(process.cpuUsage(start));
    fastest.set(name, Math.min(fastest.get(name) ?? Number.POSITIVE_INFINITY, milliseconds));
  }
}
for (const [name, milliseconds] of peerTimes()) fastest.set(name, milliseconds);

console.log(
  `${voltage.length} samples at ${samplingFrequency} Hz, ${rPeaks.length} beats; least processor time of up to ${rounds} runs\n`,
);
for (const [name, milliseconds] of fastest) {
  const perSample = ((milliseconds * 1e6) / voltage.length).toFixed(1);
  const perSecond = (voltage.length / milliseconds / 1000).toFixed(1);
  const ratio = (milliseconds / fastest.get('15-tap FIR')!).toFixed(2);
  console.log(
    `${name.padEnd(22)}${milliseconds.toFixed(0).padStart(6)} ms ${perSample.padStart(7)} ns/sample  ${perSecond.padStart(6)} million samples/s  ${ratio.padStart(6)} × FIR`,
  );
}
await passOverMitdb();

/** Milliseconds by detector; empty if Python does not have them. */
function peerTimes(): [string, number][] {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const python = join(process.env.PEERS ?? join(cache, 'upstroke', 'peers'), 'bin', 'python');
  if (!existsSync(python)) return [];
  const folder = mkdtempSync(join(tmpdir(), 'upstroke-beat-'));
  try {
    const file = join(folder, 'lead.f64');
    writeFileSync(file, new Uint8Array(voltage.buffer, voltage.byteOffset, voltage.byteLength));
    const script = join(import.meta.dirname, 'beat-peers.py');
    const output = execFileSync(python, [script, file, String(samplingFrequency), String(rounds)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Object.entries(JSON.parse(output) as Record<string, number>);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Processor time of this process, s, for detection alone and with slopes, excluding reading. */
async function passOverMitdb(): Promise<void> {
  const source = fileSource(wfdbPath());
  const records = await recordsOf(source, 'mitdb', wfdbPath()).catch(() => []);
  if (records.length === 0) {
    console.log('\nmitdb is not on the WFDB path: its pass is skipped');
    return;
  }
  let [detection, slopes] = [0, 0];
  for (const name of records) {
    const { signals, samplingFrequency: fs } = await readRecord(source, `mitdb/${name}`);
    const lead = signals[0]!.physical;
    const start = process.cpuUsage();
    const found = detectQrs(lead, fs);
    detection += seconds(process.cpuUsage(start));
    const after = process.cpuUsage();
    measureSlopes(lead, fs, found);
    slopes += seconds(process.cpuUsage(after));
  }
  console.log(
    `\none pass over mitdb, ${records.length} first leads: detection ${detection.toFixed(1)} s, with slopes ${(detection + slopes).toFixed(1)} s of processor time`,
  );
}

function seconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}
