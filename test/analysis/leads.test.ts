/** The default lead is an ECG, whatever else a monitor records in volts. */
import { describe, expect, test } from 'vitest';
import { chosenLeads, defaultLead } from '../../src/analysis/default-lead.ts';
import { detectBeats } from '../../src/analysis/lead-beats.ts';
import { chooseLead, leadsOfOneRate, passedOverNotes } from '../../src/analysis/leads.ts';
import { openRecording, type SignalDescription } from '../../src/analysis/open-recording.ts';
import { isEcgName, isOtherName } from '../../src/analysis/signal-names.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { ecg } from '../beat/without-qrs-signals.ts';

const recording = (names: readonly (readonly [name: string, units: string])[]) => ({
  name: 'monitor',
  signals: names.map(
    ([name, units]) =>
      ({
        ...{ name, units, samplingFrequency: 250, calibrated: true, unitsAssumed: false },
      }) as unknown as SignalDescription,
  ),
});
const inMillivolts = (...names: string[]) => recording(names.map(name => [name, 'mV'] as const));

test.each([
  [['Resp', 'ABP', 'PLETH', 'ECG'], 'ECG'],
  [['EEG Fpz-Cz', 'EOG horizontal', 'EMG submental', 'EKG'], 'EKG'],
  [['C3-A2', 'LOC', 'Chin1', 'ECG1-ECG2'], 'ECG1-ECG2'],
  [['RESP', 'V', 'AVR', 'II'], 'II'],
  [['pleth', 'ECG V5', 'ECG II'], 'ECG II'],
  [['CVP', 'ch1', 'ch2'], 'ch1'],
  [['ch1', 'V3'], 'V3'],
  [['Accel X', 'MCL1'], 'MCL1'],
  [['noise1', 'noise2'], 'noise1'],
  [['v1', 'mlii'], 'mlii'],
] as const)('of %j it is %s', (names, lead) => {
  expect(chooseLead(inMillivolts(...names), undefined).name).toBe(lead);
});

test('signals that are no ECG by name are not measured unless asked for, and a note says so', () => {
  const monitor = recording([
    ['Resp', 'mV'],
    ['ABP', 'mmHg'],
    ['ECG', 'mV'],
    ['V5', 'mV'],
  ]);
  expect(leadsOfOneRate(monitor).map(({ name }) => name)).toEqual(['ECG', 'V5']);
  expect(passedOverNotes(monitor, ['ECG'])).toEqual([
    'not measured, as no ECG by name: Resp (name a lead to measure it)',
  ]);
  expect(chooseLead(monitor, 'resp').name).toBe('Resp');
  expect(passedOverNotes(inMillivolts('II', 'V5'), ['II'])).toEqual([]);
});

test('without another the first is taken, and a note says what it is', () => {
  const sleep = inMillivolts('EEG C3', 'EMG');
  expect(chooseLead(sleep, undefined).name).toBe('EEG C3');
  expect(passedOverNotes(sleep, ['EEG C3'])).toEqual([
    'no signal in volts is named as an ECG lead: EEG C3 is measured',
  ]);
});

test('every standard lead is known in any case, and no other signal is one', () => {
  const leads = 'I II III aVR aVL aVF V1 V2 V3 V4 V5 V6 V7 V3R vx vy vz MLII MV1 CM5 C1 DII'.split(' ');
  for (const name of [...leads, ...leads.map(lead => `ECG ${lead}`)]) {
    expect([name, isEcgName(name), isOtherName(name)]).toEqual([name, true, false]);
  }
  const others =
    'Resp RESP ABP ART P1-ART CVP PAP ICP Pleth SpO2 EEG EMG EOG THOR_RES GSR acc_x HR CO2 PPG2 FP1-F7'.split(
      ' ',
    );
  for (const name of others) expect([name, isEcgName(name), isOtherName(name)]).toEqual([name, false, true]);
});

describe('without a name a lead that is lost is not taken', () => {
  const fs = 250;
  const beats = ecg(fs, 60).voltage;
  const off = new Float64Array(60 * fs);
  const shortly = off.slice();
  shortly.set(beats.subarray(0, 4 * fs));
  const aTenth = off.slice();
  aTenth.set(beats.subarray(0, 7 * fs), 50 * fs);
  const opened = async (leads: Readonly<Record<string, Float64Array>>) => {
    const sink = memorySink();
    const signals = Object.entries(leads).map(([name, voltage]) => ({
      ...{ name, units: 'mV', adcGain: 1000, baseline: 0 },
      adc: Int32Array.from(voltage, v => (Number.isNaN(v) ? -32768 : Math.round(1000 * v))),
    }));
    await writeRecord(sink, { name: 'x', samplingFrequency: fs, signals });
    return openRecording(memorySource(sink.files), 'x');
  };
  const invalid = off.map(() => Number.NaN);

  test.each([
    ['constant', off],
    ['invalid', invalid],
    ['there for 4 s of 60', shortly],
  ])('lead II is %s', async (_, lost) => {
    const recording = await opened({ V1: lost, II: lost, V5: beats, I: beats });
    const { lead, notes } = await defaultLead(recording, undefined);
    expect(lead.name).toBe('V5');
    expect(notes).toEqual([
      'leads II, V1 are constant or invalid for nearly the whole recording: V5 is measured (name a lead to measure it)',
    ]);
    expect((await defaultLead(recording, 'II')).lead.name).toBe('II');
  });

  test('but one that is there for a tenth of the recording is, and the first where all are lost', async () => {
    for (const leads of [
      { V1: beats, II: aTenth },
      { V1: off, II: off },
    ]) {
      const { lead, notes } = await defaultLead(await opened(leads), undefined);
      expect([lead.name, notes]).toEqual(['II', []]);
    }
  });

  test('its beats are those of the lead that carries a signal', async () => {
    const recording = await opened({ II: off, V5: beats });
    const { names } = await chosenLeads(recording, undefined);
    const { rPeaks } = await detectBeats(recording.withSignals(names), names);
    expect(Math.abs(rPeaks.length - 59 / 0.8)).toBeLessThanOrEqual(2);
  });
});
