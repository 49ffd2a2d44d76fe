/** What a consumer's project of TypeScript says: each entry point, by its types, without the DOM library. */
import * as upstroke from 'upstroke';
import { readLeadBeats } from 'upstroke/analysis';
import { detectQrs, type SlopeMeasurement } from 'upstroke/beat';
import { grad, type LinearOperator, tensor } from 'upstroke/diff';
import { parseModel } from 'upstroke/learn';
import { fileSource, readReportBundle } from 'upstroke/node';
import { recordReport, renderPage } from 'upstroke/report';
import { zeroPhase } from 'upstroke/signal';
import { synthesize } from 'upstroke/synth';
import { blobSource, httpSource, readRecord } from 'upstroke/wfdb';

const lead: Float64Array = new Float64Array(1000);
export const rPeaks: Int32Array = detectQrs(lead, 250);
export const measurement: SlopeMeasurement = upstroke.measureSlopes(lead, 250, rPeaks);
export const operator: LinearOperator = upstroke.differentiator({ kind: 'central', order: 2 }, 6, 500);
export const gradient = grad(v => upstroke.sum(v))(tensor([1, 2]));
export const source = httpSource({ href: 'https://example.org/' });
export const picked = blobSource([]);
// @ts-expect-error A record needs a name: the types are there, not `any`.
export const nameless = readRecord(source);
export const all = [
  readLeadBeats,
  parseModel,
  fileSource,
  readReportBundle,
  recordReport,
  renderPage,
  zeroPhase,
];
export const more = [synthesize];
