/** The samples of a report's lead by what is looked at: of a long lead every sample, or what its buckets reach. */
import { decodeSamples, type EncodedSamples } from '../analysis/report/encoded-samples.ts';
import type { ReportLead } from '../analysis/report/report-data.ts';
import type { SampledSeries } from './decimate.ts';
import type { TimeSpan } from './timeline.ts';

/** Voltage and dV/dt over one excerpt of time. */
export interface LeadSamples {
  readonly voltage: SampledSeries;
  readonly derivative: SampledSeries;
  /** Every sample is there; otherwise the smallest and largest of each bucket, in turn. */
  readonly isWhole: boolean;
}

export interface LeadSeries {
  /** The whole lead. */
  readonly overview: LeadSamples;
  /** What to draw of a span: an excerpt that holds all of it, or the overview. */
  of(span: TimeSpan): LeadSamples;
}

/** Seconds that a lead is long. */
export const leadSeconds = ({ thinned, voltage, samplingFrequency }: ReportLead): number =>
  (thinned?.length ?? voltage.length) / samplingFrequency;

export function leadSeries(lead: ReportLead): LeadSeries {
  const { samplingFrequency, thinned } = lead;
  const samples = (
    of: Record<'voltage' | 'derivative', EncodedSamples> & { readonly startSeconds: number },
    rate: number,
    isWhole: boolean,
  ): LeadSamples => {
    const series = (encoded: EncodedSamples): SampledSeries => ({
      values: decodeSamples(encoded),
      samplingFrequency: rate,
      start: of.startSeconds,
    });
    return { voltage: series(of.voltage), derivative: series(of.derivative), isWhole };
  };
  if (thinned === undefined) {
    const overview = samples(lead, samplingFrequency, true);
    return { overview, of: () => overview };
  }
  const overview = samples(lead, (2 * samplingFrequency) / thinned.bucketSamples, false);
  const excerpts = thinned.excerpts.map(excerpt => samples(excerpt, samplingFrequency, true));
  const holds = (
    { voltage: { start, values } }: LeadSamples,
    { startSeconds: from, endSeconds: to }: TimeSpan,
  ): boolean => from >= start - 1e-9 && to <= start + values.length / samplingFrequency + 1e-9;
  return { overview, of: span => excerpts.find(excerpt => holds(excerpt, span)) ?? overview };
}
