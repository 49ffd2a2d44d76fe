/** `record`: prints the header of a record, its signals with checksums, and its annotations by symbol. */
import { calibrationNotes } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import type { Recording, Signal } from '../../wfdb/record.ts';
import { defineCommand } from '../command.ts';
import { recordArgument, shared } from '../options.ts';
import { counted, print, printJson } from '../output.ts';
import { formatTable } from '../table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

export const command = defineCommand({
  name: 'record',
  takes: ['RECORD'],
  summary: 'Shows the contents of a record. All samples are read and all checksums verified.',
  arguments: [recordArgument],
  options: {
    annotator: {
      ...shared.annotator,
      says: 'count the annotations in RECORD.NAME; default: atr if it exists',
    },
    ...recordingOptions,
    json: shared.json,
  },
  async run(values, [text = ''], files) {
    const { source, name } = await files.recording(text);
    const opened = await openRecording(source, name, { rate: 'signal', ...openOptions(values) });
    const recording = await opened.read();
    const counts = await countAnnotations(opened, values.annotator);
    const warnings = [...reportWarnings(opened), ...calibrationNotes(opened.signals)];
    if (values.json) printJson(asJson(opened, recording, counts, warnings), 2);
    else printRecord(opened, recording, counts);
    return 0;
  },
});

interface Counts {
  readonly annotator: string;
  /** Counts by symbol, most frequent first. */
  readonly symbols: Readonly<Record<string, number>>;
}

/** Undefined if no annotator was requested and there are no annotations. */
async function countAnnotations(
  recording: OpenRecording,
  asked: string | undefined,
): Promise<Counts | undefined> {
  const annotator = asked ?? 'atr';
  try {
    const file = await recording.annotations(annotator);
    if (file === undefined) return undefined;
    const counts = new Map<string, number>();
    for (const { symbol } of file.annotations) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    return { annotator, symbols: Object.fromEntries([...counts].sort((a, b) => b[1] - a[1])) };
  } catch (error) {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    if (asked === undefined && isAbsent && error.file === `${recording.name}.atr`) return undefined;
    throw error;
  }
}

function asJson(
  opened: OpenRecording,
  recording: Recording,
  counts: Counts | undefined,
  warnings: readonly string[],
): unknown {
  const { name, samplingFrequency, length, signals, header, comments } = recording;
  return {
    record: name,
    container: opened.container,
    assumed: opened.signals.some(({ calibrated, unitsAssumed }) => !calibrated || unitsAssumed === true),
    warnings,
    samplingFrequency,
    length,
    header,
    signals: signals.map(signal => ({
      name: signal.name,
      units: signal.units,
      samplingFrequency: signal.samplingFrequency,
      length: signal.physical.length,
      adcGain: signal.adcGain,
      baseline: signal.baseline,
      calibrated: signal.calibrated,
      assumed: !signal.calibrated || signal.unitsAssumed === true,
      format: signal.header?.format ?? null,
      checksum: signal.checksum ?? null,
      computedChecksum: signal.computedChecksum ?? null,
      ...summaryOf(signal),
    })),
    annotator: counts?.annotator ?? null,
    annotations: counts?.symbols ?? {},
    comments,
  };
}

/** Smallest and largest value, null if there is none, and the number of invalid samples. */
function summaryOf({ physical }: Signal): { least: number | null; most: number | null; invalid: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let invalid = 0;
  for (const value of physical) {
    if (Number.isNaN(value)) invalid++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? { least, most, invalid } : { least: null, most: null, invalid };
}

function printRecord(opened: OpenRecording, recording: Recording, counts: Counts | undefined): void {
  const { name, samplingFrequency, length, signals, header, comments } = recording;
  const start = [opened.baseDate, opened.baseTime].filter(part => part !== undefined).join(' ');
  const seconds = (length / samplingFrequency).toFixed(3);
  print(
    `${name}: ${opened.container}, ${counted(length, 'sample')} at ${samplingFrequency} Hz, ${seconds} s${start === '' ? '' : `, from ${start}`}`,
  );
  const segments = header?.segments;
  if (segments !== undefined) print(counted(segments.length, 'segment'));
  for (const note of calibrationNotes(opened.signals)) print(`note: ${note}`);
  const rows = signals.map(signal => {
    const { least, most, invalid } = summaryOf(signal);
    return [
      signal.name,
      signal.calibrated ? signal.units : `${signal.units} (uncalibrated)`,
      String(signal.header?.format ?? '-'),
      `${signal.samplingFrequency}`,
      least === null ? '-' : `${least.toFixed(3)} … ${most!.toFixed(3)}`,
      `${invalid}`,
      signal.checksum === undefined ? 'not given' : 'right',
    ];
  });
  print(formatTable([['signal', 'units', 'format', 'Hz', 'values', 'invalid', 'checksum'], ...rows], 7));
  if (counts !== undefined) {
    const list = Object.entries(counts.symbols).map(([symbol, count]) => `${symbol} ${count}`);
    print(`\nannotations (${counts.annotator}): ${list.join(', ') || 'none'}`);
  }
  if (comments.length > 0) print(`\n${comments.join('\n')}`);
}
