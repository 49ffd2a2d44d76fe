import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import { type OpenRecording, openRecording } from '../../src/analysis/open-recording.ts';
import { spikesOfLead } from '../../src/analysis/spikes-of-lead.ts';
import { unpacedParts } from '../../src/analysis/unpaced-parts.ts';
import { findPacingSpikes, unpacedLead } from '../../src/beat/pacing/pacing.ts';
import { fileSource } from '../../src/node/files.ts';

const source = fileSource([join(import.meta.dirname, '../../samples')]);

/** The recording with a stimulus before each fifth part of a second in its first lead, which comes as one piece. */
async function pacedInMemory(record: string): Promise<OpenRecording> {
  const recording = await openRecording(source, record);
  const whole = await recording.read();
  const [first] = whole.signals;
  for (let i = 500; i < first!.physical.length; i += 290) first!.physical[i]! += 8;
  return {
    ...recording,
    async *pieces(names) {
      yield { ...whole, signals: whole.signals.filter(({ name }) => names?.includes(name) ?? true) };
    },
  };
}

/** The same in pieces of this many samples. */
const inPieces = (recording: OpenRecording, samples: number): OpenRecording => ({
  ...recording,
  async *pieces(names) {
    for await (const piece of recording.pieces(names)) {
      for (let from = 0; from < piece.length; from += samples) {
        const signals = piece.signals.map(signal => ({
          ...signal,
          physical: signal.physical.slice(from, from + samples),
        }));
        yield { ...piece, length: signals[0]!.physical.length, signals };
      }
    }
  },
});

test('a recording in one piece has the beats of the same recording in several', async () => {
  const paced = await pacedInMemory('synth/s01');
  const names = paced.signals.map(({ name }) => name);
  const { rPeaks } = await detectBeats(paced, names);
  expect(rPeaks.length).toBeGreaterThan(100);
  for (const samples of [777, 20_000]) {
    expect((await detectBeats(inPieces(paced, samples), names)).rPeaks).toEqual(rPeaks);
  }
});

test('the spikes of a lead in memory are found once, and are those of the lead', async () => {
  const paced = await pacedInMemory('synth/s01');
  const { name } = paced.signals[0]!;
  const voltage = (await paced.pieces([name])[Symbol.asyncIterator]().next()).value!.signals[0]!.physical;
  const spikes = spikesOfLead(voltage, paced.samplingFrequency);
  expect(spikes.length).toBeGreaterThan(50);
  expect(spikes).toEqual(findPacingSpikes(voltage, paced.samplingFrequency));
  expect(spikesOfLead(voltage, paced.samplingFrequency)).toBe(spikes);
  for await (const part of unpacedParts(paced, name)()) {
    expect(part.unpaced.spikes).toBe(spikes);
    expect(part.unpaced).toEqual(unpacedLead(voltage, paced.samplingFrequency));
  }
});
