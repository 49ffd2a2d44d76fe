/**
 * `upstroke/wfdb`: bytes to recordings and back: PhysioNet (WFDB) records and annotations, CSV, EDF.
 *
 * For research use only, not for diagnosis.
 */

export { InputError } from './input-error.ts';
export {
  type Annotation,
  type AnnotationFile,
  type AnnotationOptions,
  decodeAnnotations,
  type EncodeOptions,
  encodeAnnotations,
  readAnnotationFile,
  readAnnotations,
  writeAnnotations,
} from './wfdb/annotations/annotation-file.ts';
export type { AnnotationDefinition } from './wfdb/annotations/notes.ts';
export { parseRdann } from './wfdb/annotations/rdann.ts';
export { isBeat } from './wfdb/annotations/symbols.ts';
export { blobSource } from './wfdb/blob.ts';
export { type ChunkOptions, recordChunks } from './wfdb/chunks.ts';
export {
  type ContainedRecording,
  type Container,
  type ContainerOptions,
  containers,
  detectContainer,
  detectionBytes,
  readContainer,
  unknownContainer,
} from './wfdb/containers.ts';
export type { CsvOptions } from './wfdb/csv/csv-options.ts';
export { isTable } from './wfdb/csv/is-table.ts';
export { type AnnotationsCsvOptions, parseAnnotationsCsv } from './wfdb/csv/read-annotations.ts';
export { parseCsv, readCsv } from './wfdb/csv/read-csv.ts';
export type { CsvRecording } from './wfdb/csv/table-recording.ts';
export { csvChunks, type FormatCsvOptions, formatAnnotationsCsv, formatCsv } from './wfdb/csv/write-csv.ts';
export type { PhysicalSignalToWrite } from './wfdb/digitise.ts';
export {
  type EdfAnnotation,
  type EdfAnnotationFile,
  type EdfAnnotationOptions,
  edfToAnnotations,
  readEdfAnnotationFile,
  readEdfAnnotations,
} from './wfdb/edf/annotations.ts';
export type { EdfHeader, EdfSignal, EdfVariant } from './wfdb/edf/header.ts';
export { type EdfReadOptions, readEdf, readEdfHeader } from './wfdb/edf/read-edf.ts';
export { annotationsToEdf, writeEdf } from './wfdb/edf/write-edf.ts';
export { WfdbError, type WfdbErrorCode, type WfdbErrorDetail } from './wfdb/errors.ts';
export {
  type Header,
  parseHeader,
  readHeader,
  type SegmentHeader,
  type SignalHeader,
} from './wfdb/header.ts';
export { type HttpOptions, httpSource } from './wfdb/http.ts';
export type { HttpHeaders } from './wfdb/http-login.ts';
export type { HttpPatience } from './wfdb/http-range.ts';
export { type ReadOptions, type Recording, readRecord, type Signal } from './wfdb/record.ts';
export { memorySink, memorySource, type Sink, type Source } from './wfdb/source.ts';
export type { Leniency, ReadWarning } from './wfdb/warnings.ts';
export { type RecordToWrite, type SignalToWrite, type WriteOptions, writeRecord } from './wfdb/write.ts';
export { type SegmentGap, writeSegments } from './wfdb/write-segments.ts';
