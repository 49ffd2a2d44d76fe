/** `respiration`: respiratory rate of a record from its ECG. */
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { measureLeads } from '../../analysis/lead-slopes.ts';
import { chooseLead } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import type { RespiratoryQuantity } from '../../beat/respiration/beat-series.ts';
import {
  measureRespiration,
  type Respiration,
  type RespirationWindow,
} from '../../beat/respiration/measure-respiration.ts';
import type { BeatSlopes } from '../../beat/slopes/measure-slopes.ts';
import { defineCommand } from '../command.ts';
import { number } from '../option.ts';
import { beatsFrom, recordArgument, shared, slopeOptions, timeSpan } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { formatTable } from '../table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { leads, annotator, detect, scheme, windowMs, from, to, json } = shared;

export const command = defineCommand({
  name: 'respiration',
  takes: ['RECORD'],
  summary: 'Estimates the respiratory rate from QRS slopes, R-wave angle, R amplitude and RR intervals.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default: MLII, II, or the first lead in volts` },
    annotator,
    detect: { ...detect, says: 'beats from the detector, run on the measured leads jointly' },
    scheme,
    windowMs,
    window: number('S', 'duration of a window in seconds; default 60', { least: 20 }),
    step: number('S', 'seconds between the starts of successive windows; default: half a window', {
      above: 0,
    }),
    from,
    to,
    ...recordingOptions,
    json,
  },
  notes: [
    'A window has a rate if at least two of its series agree on one; the confidence is the fraction of the series that do. Respiration faster than the heart rate divided by 2.2 cannot be measured. If the beats are so evenly spaced that faster respiration would look the same, the faster rate is shown too.',
    researchNotice,
  ],
  async run(values, [text = ''], files) {
    const beatSource = beatsFrom(values.annotator, values.detect);
    const { source, name } = await files.recording(text);
    const all = await openRecording(source, name, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
    });
    const names = (values.leads ?? [undefined]).map(lead => chooseLead(all, lead).name);
    const recording = all.withSignals(names);
    const beats = await beatsOf(recording, names, beatSource);
    const measured = names.map((): BeatSlopes[] => []);
    const notes: string[] = [];
    const options = {
      ...slopeOptions(values),
      async onRun({ lead, measurement }: { lead: string; measurement: { beats: readonly BeatSlopes[] } }) {
        for (const beat of measurement.beats) measured[names.indexOf(lead)]!.push(beat);
      },
    };
    for await (const lead of measureLeads(recording, names, beats, options)) notes.push(...lead.notes);
    const respiration = measureRespiration(measured, recording.samplingFrequency, {
      ...(values.window !== undefined && { windowSeconds: values.window }),
      ...(values.step !== undefined && { stepSeconds: values.step }),
    });
    const warnings = reportWarnings(recording);
    if (values.json) {
      printJson({
        record: recording.name,
        samplingFrequency: recording.samplingFrequency,
        start: recording.start,
        leads: names,
        beats: beats.rPeaks.length,
        beatsFrom: beats.beatsFrom,
        ...respiration,
        notes,
        warnings,
        notice: researchNotice,
      });
    } else {
      printRespiration(recording, beats, respiration);
      for (const note of notes) print(`note: ${note}`);
      print(`\n${researchNotice}`);
    }
    return 0;
  },
});

const quantities: readonly (readonly [RespiratoryQuantity, string])[] = [
  ['upstroke', 'upstroke'],
  ['downstroke', 'downstroke'],
  ['angle', 'R angle'],
  ['amplitude', 'R amplitude'],
  ['rr', 'RR'],
];

const perMinute = (rate: number | undefined): string => (rate === undefined ? '–' : rate.toFixed(1));
const percent = (share: number): string => (100 * share).toFixed(0);

/** The rates of one quantity in all leads; in brackets those that do not agree. */
const ratesText = ({ series }: RespirationWindow, quantity: RespiratoryQuantity): string =>
  series
    .filter(of => of.quantity === quantity)
    .map(({ rate, agrees }) => (agrees ? perMinute(rate) : `(${perMinute(rate)})`))
    .join(' ') || '–';

function printRespiration(
  recording: OpenRecording,
  beats: RecordingBeats,
  { rate, confidence, windows }: Respiration,
): void {
  const told = windows.filter(window => window.rate !== undefined).length;
  print(`${recording.name}: ${beats.rPeaks.length} beats, ${beats.beatsFrom}`);
  print(
    rate === undefined
      ? `no respiratory rate in ${windows.length} windows`
      : `respiratory rate ${perMinute(rate)} per minute, median of ${told} of ${windows.length} windows; confidence ${percent(confidence)} %`,
  );
  const heading = ['from s', 'to s', 'rate 1/min', 'or', 'confidence %', 'highest 1/min'];
  const rows = windows.map(window => [
    window.startSeconds.toFixed(0),
    window.endSeconds.toFixed(0),
    perMinute(window.rate),
    window.alias === undefined ? '' : perMinute(window.alias),
    percent(window.confidence),
    perMinute(window.highestRate),
    ...quantities.map(([quantity]) => ratesText(window, quantity)),
    window.undefinedBecause ?? '',
  ]);
  print(`\n${formatTable([[...heading, ...quantities.map(([, words]) => words), ''], ...rows], 0)}`);
}
