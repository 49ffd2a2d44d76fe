/** The reader worker: reads windows of samples on request, and builds the pyramid of the whole record. */
import { InputError } from '../../input-error.ts';
import type { FileFault } from '../open/file-faults.ts';
import {
  type MarkFile,
  type OpenedRecording,
  openRecordingInput,
  type RecordingSummary,
} from '../open/open-recording.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { type BucketRun, bucketsOf, finestBucket } from '../trace/pyramid.ts';

/** The events of the reader. */
export interface ReaderWorkerEvents {
  /** The next part of every lead's pyramid. */
  readonly buckets: { readonly leads: readonly BucketRun[]; readonly done: number; readonly total: number };
  /** All faults of the signal files found so far, when there are new ones. */
  readonly faults: readonly FileFault[];
}

/** Number of samples of a lead that are read at once for the pyramid; limits the delay of other requests. */
const excerpt = 4096 * finestBucket;

export type Reader = ReturnType<typeof createReaderWorker>;

/** Creates the handlers of the worker; one recording is open at a time. */
export function createReaderWorker(
  emit: <K extends keyof ReaderWorkerEvents>(event: K, data: ReaderWorkerEvents[K]) => void,
  /** Serves waiting calls before the next part is read. */
  pause: () => Promise<void>,
) {
  let opened: OpenedRecording | undefined;
  let survey = 0;
  let told: readonly FileFault[] = [];
  const tellFaults = (): void => {
    const faults = opened?.faults() ?? [];
    if (faults.length === told.length && faults.every((fault, k) => fault === told[k])) return;
    told = faults;
    emit('faults', faults);
  };
  const current = (): OpenedRecording => {
    if (opened === undefined) throw new InputError('no recording is open');
    return opened;
  };
  return {
    async openForReading(input: RecordingInput): Promise<RecordingSummary> {
      opened = await openRecordingInput(input);
      told = [];
      tellFaults();
      return opened.summary;
    },

    /** Reads samples `[from, to)` of every lead. Throws `RangeError` when no recording is open. */
    async read(from: number, to: number): Promise<Float64Array[]> {
      // Copies, because the buffers are transferred.
      const leads = (await current().read(from, to)).map(lead => lead.slice());
      tellFaults();
      return leads;
    },

    annotations(annotator: string): Promise<MarkFile> {
      return current().annotations(annotator);
    },

    /**
     * Reads the whole record once; resolves when all `buckets` events have been sent, it was stopped, or another
     * recording was opened.
     */
    async buildPyramid(): Promise<void> {
      const mine = current();
      const number = ++survey;
      const { length } = mine.summary;
      for (let from = 0; from < length; from += excerpt) {
        const to = Math.min(length, from + excerpt);
        const leads = (await mine.read(from, to)).map(samples => bucketsOf(samples, from));
        if (opened !== mine || survey !== number) return;
        emit('buckets', { leads, done: to, total: length });
        tellFaults();
        await pause();
      }
    },

    /** Ends the reading of the whole record; what has been read stays. */
    stopPyramid(): void {
      survey++;
    },
  };
}
