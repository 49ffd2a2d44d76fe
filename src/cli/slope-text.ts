/** Prints the slopes of a record as a table, and their uncertainty. */
import type { RecordingBeats } from '../analysis/lead-beats.ts';
import type { LeadSlopeSummary, MeasuredRun } from '../analysis/lead-slopes.ts';
import type { OpenRecording } from '../analysis/open-recording.ts';
import type { SlopeSummary, Spread } from '../beat/slopes/slope-summary.ts';
import type { BeatUncertainty } from '../beat/uncertainty/slope-uncertainty.ts';
import { median } from '../statistics.ts';
import { countedBeats, print } from './output.ts';
import { formatTable } from './table.ts';

const columns = [
  'lead',
  'type',
  'beats',
  'good',
  'upstroke',
  'downstroke',
  'up line',
  'down line',
  'per amplitude 1/s',
  'R peak time ms',
  'QRS ms',
];

/** Prints a row for each lead and type of beat; none without QRS complexes. */
export function printSlopes(
  recording: OpenRecording,
  beats: RecordingBeats,
  measured: readonly LeadSlopeSummary[],
  { goodOnly, hasQrsComplexes }: { readonly goodOnly: boolean; readonly hasQrsComplexes: boolean },
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } = measured[0]!.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  print(`${recording.name}: ${countedBeats(beats)}, ${beats.beatsFrom}`);
  print(
    `dV/dt ${scheme} at ${samplingFrequency} Hz; least-squares line over ${windowMs} ms (${windowSamples} points${interpolated})`,
  );
  const notes = measured.flatMap(of => of.notes);
  if (!hasQrsComplexes) {
    for (const note of notes) print(`note: ${note}`);
    return;
  }
  if (goodOnly) print('beats with invalid, flat, clipped or noisy signal excluded');
  print('median [5–95 %]; slopes in mV/s\n');
  const rows = measured.flatMap(({ lead, summary, good }) =>
    summary.map(of => rowOf(lead, of, good.get(of.symbol) ?? 0)),
  );
  print(formatTable([columns, ...rows], 2));
  for (const note of notes) print(`note: ${note}`);
}

function rowOf(lead: string, summary: SlopeSummary, good: number): string[] {
  return [
    lead,
    summary.symbol === '' ? '-' : summary.symbol,
    String(summary.beats),
    String(good),
    spreadText(summary.upstroke),
    spreadText(summary.downstroke),
    spreadText(summary.upstrokeLine),
    spreadText(summary.downstrokeLine),
    spreadText(summary.slopePerAmplitude),
    spreadText(summary.rPeakTime, 1000),
    spreadText(summary.qrsDuration, 1000),
  ];
}

function spreadText(spread: Spread | undefined, scale = 1): string {
  if (spread === undefined) return '–';
  const text = (value: number): string => (value * scale).toFixed(0);
  return `${text(spread.median)} [${text(spread.p5)} ${text(spread.p95)}]`;
}

/** Collects the uncertainties of the beats of each lead; the text has their medians. */
export function createErrorSummary() {
  const byLead = new Map<string, BeatUncertainty[]>();
  return {
    add({ lead, uncertainty = [] }: MeasuredRun): void {
      const all = byLead.get(lead) ?? [];
      byLead.set(lead, all);
      for (const beat of uncertainty) all.push(beat);
    },
    text(): string {
      const shown = [
        ['upstrokeSlope', 1, 1],
        ['downstrokeSlope', 1, 1],
        ['rAmplitude', 1, 3],
        ['rTime', 1000, 2],
        ['qrsDuration', 1000, 1],
      ] as const;
      const rows = [...byLead].map(([lead, beats]) => [
        lead,
        ...shown.map(([quantity, scale, digits]) => {
          const told = beats.flatMap(beat => beat[quantity] ?? []);
          if (told.length === 0) return '–';
          const se = median(told.map(of => of.se)) * scale;
          const bias = median(told.map(of => of.bias)) * scale;
          return `± ${se.toFixed(digits)} (${bias >= 0 ? '+' : '−'}${Math.abs(bias).toFixed(digits)})`;
        }),
      ]);
      const heading = ['lead', 'upstroke mV/s', 'downstroke mV/s', 'R mV', 'R time ms', 'QRS ms'];
      return `standard error of a beat by the noise, median (and bias: how far noise moves the value on average)\n\n${formatTable([heading, ...rows])}`;
    },
  };
}
