/**
 * `upstroke/report`: the report of a lead as plain data, and as one self-contained HTML page.
 *
 * For research use only, not for diagnosis.
 */
export type { EncodedSamples } from './analysis/report/encoded-samples.ts';
export { beatToExplain, type RecordReportParts, recordReport } from './analysis/report/record-report.ts';
export {
  type ExplainedFeature,
  type MeasuredSlope,
  type ReportBeat,
  type ReportConfusion,
  type ReportData,
  type ReportExplanation,
  type ReportInput,
  type ReportLead,
  type ReportTraining,
  reportData,
} from './analysis/report/report-data.ts';
export { type ReportBundle, renderPage } from './analysis/report/report-page.ts';
