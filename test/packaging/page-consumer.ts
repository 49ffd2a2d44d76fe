/** What a page's project of TypeScript says of `upstroke/view`, whose declarations bring the DOM types themselves. */
import { type Mounted, mountReport, mountTrace, type TraceData } from 'upstroke/view';

const trace: TraceData = { samplingFrequency: 250, leads: [] };
export const mount = (host: Parameters<typeof mountTrace>[0]): Mounted => mountTrace(host, trace);
// @ts-expect-error A report needs data: the types are there, not `any`.
export const empty = (host: Parameters<typeof mountReport>[0]): Mounted => mountReport(host);
