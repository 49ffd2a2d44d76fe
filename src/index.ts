export type { Annotation } from './wfdb/annotations.ts';
export { WfdbError } from './wfdb/errors.ts';
