/** A record written to memory and read back. */
import { signalFormats } from '../../src/wfdb/formats.ts';
import { type ReadOptions, readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { type RecordToWrite, type WriteOptions, writeRecord } from '../../src/wfdb/write.ts';

export const writable = [...signalFormats]
  .filter(([, format]) => format.kind !== 'null')
  .map(([number]) => number);

export async function written(record: RecordToWrite, options: WriteOptions = {}) {
  const sink = memorySink();
  await writeRecord(sink, record, options);
  return sink.files;
}

export async function readBack(record: RecordToWrite, options: WriteOptions = {}, read: ReadOptions = {}) {
  return readRecord(memorySource(await written(record, options)), record.name, read);
}
