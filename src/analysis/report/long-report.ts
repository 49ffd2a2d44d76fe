/**
 * The report of a recording that is too long for one page, or for memory: the minimum and maximum of each of about
 * 40,000 buckets, and all samples of selected excerpts. It is computed in parts; its beats, slopes and classes equal
 * those computed from the whole lead.
 */
import { beatsOfPart, type PlacedPart } from '../../beat/lead-part.ts';
import { measureSlopes, type SlopeOptions } from '../../beat/slopes/measure-slopes.ts';
import { differentiator, parseScheme, type Scheme } from '../../diff/scheme.ts';
import { tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { askWindow } from '../beat-reasons.ts';
import { type ClassifiedBeats, classifyInParts, requireExplainable } from '../classify.ts';
import type { LeadBeats, RecordingBeats } from '../lead-beats.ts';
import { leadParts } from '../lead-parts.ts';
import { calibrationNotes } from '../leads.ts';
import type { OpenRecording } from '../open-recording.ts';
import { slopesOfPart } from '../part-slopes.ts';
import { chooseExcerpts, type Excerpt } from './choose-excerpts.ts';
import {
  beatToExplain,
  explanationPart,
  provenanceText,
  reportBeat,
  withClassNotes,
} from './record-report.ts';
import {
  type ReportBeat,
  type ReportData,
  type ReportInput,
  reportData,
  type ThinnedLead,
} from './report-data.ts';

/** A recording with more samples per lead is reported as long: a page with all of them would exceed 10 MB. */
export const mostPageSamples = 1_000_000;

const mostBuckets = 40_000;

export interface LongReportOptions extends SlopeOptions {
  readonly model?: Classifier;
  /** Index of the beat to explain, from 0; by default chosen by `beatToExplain`. */
  readonly beat?: number;
  readonly spans?: ReportInput['spans'];
  /** Length of the parts in which the lead is read, s; default 600. */
  readonly partSeconds?: number;
}

/** Margin on each side of a part, s; exceeds the range of every measurement. */
const marginSeconds = 20;

/**
 * The report of a lead as plain data, in memory that grows with the number of beats and not with the length of the
 * lead. Throws `InputError` as `recordReport` does, and for a lead without samples.
 *
 * @example (await longRecordReport(recording, 'MLII', beats, { model })).lead?.thinned?.excerpts.length
 */
export async function longRecordReport(
  recording: OpenRecording,
  lead: string,
  found: RecordingBeats,
  { model, beat: asked, spans, partSeconds = 600, ...options }: LongReportOptions = {},
): Promise<ReportData> {
  const { name: record, samplingFrequency, start } = recording;
  const notes = calibrationNotes(recording.signals.filter(({ name }) => name === lead));
  const beats = { ...found, record, lead, samplingFrequency, start, notes };
  const size = {
    length: Math.round(partSeconds * samplingFrequency),
    margin: Math.ceil(marginSeconds * samplingFrequency),
  };
  const parts = () => leadParts(recording, lead, size);
  const classified = model && (await classifyInParts(model, beats, parts));
  const { provenance } = measureSlopes(new Float64Array(0), samplingFrequency, [], options);
  const { measured, length } = await measureBeats(beats, parts, options, classified);
  if (length === 0) throw new InputError(`${record} has no samples`);

  const beat = asked ?? (classified && beatToExplain(classified));
  if (beat !== undefined && classified !== undefined) requireExplainable(beats, classified, beat);
  const wanted = chooseExcerpts(measured, { length, samplingFrequency, start, explained: beat });
  const { voltage, derivative, thinned } = await thinnedLead(parts, {
    length,
    samplingFrequency,
    start,
    wanted,
    scheme: parseScheme(provenance.scheme),
  });
  const explanation =
    model && classified && beat !== undefined
      ? explanationPart(beats, explained(model, beats, classified, beat, thinned), beat)
      : undefined;
  return reportData({
    record,
    lead: {
      name: lead,
      units: 'mV',
      samplingFrequency,
      startSeconds: start / samplingFrequency,
      voltage,
      derivative,
      thinned,
    },
    beats: measured,
    provenance: provenanceText(provenance, withClassNotes(beats, classified)),
    ...(spans && { spans }),
    ...(explanation && { explanation }),
  });
}

type Beats = Omit<LeadBeats, 'voltage'>;
type Parts = () => AsyncIterable<PlacedPart>;

async function measureBeats(
  beats: Beats,
  parts: Parts,
  options: SlopeOptions,
  classified: ClassifiedBeats | undefined,
): Promise<{ measured: readonly ReportBeat[]; length: number }> {
  const measured: ReportBeat[] = [];
  let length = 0;
  for await (const part of parts()) {
    length = part.offset + part.end;
    const { first } = beatsOfPart(part, beats.rPeaks);
    const slopes = slopesOfPart(part, beats.samplingFrequency, beats.rPeaks, options);
    for (const [k, beat] of slopes.beats.entries()) {
      measured.push(reportBeat(beats, first + k, beat, classified));
    }
  }
  return { measured, length };
}

interface ThinnedOptions {
  readonly length: number;
  readonly samplingFrequency: number;
  readonly start: number;
  readonly wanted: readonly Excerpt[];
  readonly scheme: Scheme;
}

async function thinnedLead(
  parts: Parts,
  { length, samplingFrequency, start, wanted, scheme }: ThinnedOptions,
): Promise<{ voltage: Float64Array; derivative: Float64Array; thinned: ThinnedLead<Float64Array> }> {
  const bucketSamples = Math.ceil(length / mostBuckets);
  const voltage = createEnvelope(length, bucketSamples);
  const derivative = createEnvelope(length, bucketSamples);
  const excerpts = wanted.map(({ start: from, end: to, why }) => ({
    from,
    startSeconds: (start + from) / samplingFrequency,
    why,
    voltage: new Float64Array(to - from),
    derivative: new Float64Array(to - from),
  }));
  for await (const part of parts()) {
    const slope = differentiator(scheme, part.voltage.length, samplingFrequency).apply(part.voltage);
    voltage.add(part, part.voltage);
    derivative.add(part, slope);
    for (const excerpt of excerpts) {
      copyOverlap(part, part.voltage, excerpt.from, excerpt.voltage);
      copyOverlap(part, slope, excerpt.from, excerpt.derivative);
    }
  }
  return {
    voltage: voltage.values,
    derivative: derivative.values,
    thinned: { length, bucketSamples, excerpts: excerpts.map(({ from: _, ...excerpt }) => excerpt) },
  };
}

/** Computes the minimum and maximum of each bucket, interleaved; NaN for buckets without valid samples. */
function createEnvelope(length: number, bucketSamples: number) {
  const values = new Float64Array(2 * Math.ceil(length / bucketSamples)).fill(Number.NaN);
  return {
    values,
    add({ offset, start, end }: PlacedPart, samples: Float64Array): void {
      for (let i = start; i < end; i++) {
        const value = samples[i]!;
        if (!Number.isFinite(value)) continue;
        const low = 2 * Math.floor((offset + i) / bucketSamples);
        if (!(value >= values[low]!)) values[low] = value;
        if (!(value <= values[low + 1]!)) values[low + 1] = value;
      }
    },
  };
}

/** Copies the samples of a part that belong to the excerpt starting at `first` of the lead. */
function copyOverlap(part: PlacedPart, samples: Float64Array, first: number, into: Float64Array): void {
  const { offset } = part;
  const start = Math.max(offset + part.start, first);
  const end = Math.min(offset + part.end, first + into.length);
  if (end > start) into.set(samples.subarray(start - offset, end - offset), start - first);
}

/** Explains a beat from the samples kept around it. */
function explained(
  model: Classifier,
  { samplingFrequency, start }: Beats,
  classified: ClassifiedBeats,
  beat: number,
  { excerpts }: ThinnedLead<Float64Array>,
) {
  const { aligned, window } = classified.features;
  const first = aligned[beat]! - window.rIndex;
  for (const { startSeconds: time, voltage } of excerpts) {
    const from = first - (Math.round(time * samplingFrequency) - start);
    if (from < 0 || from + window.length > voltage.length) continue;
    const samples = tensor(voltage.slice(from, from + window.length));
    return askWindow(model, classified, beat, samples);
  }
  throw new Error(`no excerpt holds beat ${beat}`);
}
