/** Randomly corrupted records and annotation files, and the invariants that reading them must hold. */
import type { Random } from '../../src/random.ts';
import { encodeAnnotations, readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { parseHeader } from '../../src/wfdb/header.ts';
import { type Recording, readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource, type Source } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';

/** The files of one record, small enough to be read thousands of times. */
export interface Original {
  readonly name: string;
  readonly annotators: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The outcome for one corrupted input. `broken` names the violated invariant, if any. */
export interface Outcome {
  readonly record: 'read' | 'refused';
  readonly annotations: 'read' | 'refused' | 'none';
  readonly milliseconds: number;
  readonly broken: string | undefined;
}

/** Longer than this for one small input counts as hanging. */
const timeoutMs = 5000;

/** Generated records in all packed formats and two segment layouts, with annotations. */
export async function madeOriginals(): Promise<Original[]> {
  const made: Original[] = [];
  const wave = (length: number, k: number) =>
    Int32Array.from({ length }, (_, i) => Math.round(90 * Math.sin((i * k) / 9)));
  const annotations = Array.from({ length: 30 }, (_, i) => ({
    sample: 40 * i,
    symbol: i % 5 === 0 ? 'V' : 'N',
    subtype: i % 3,
    channel: i % 2,
    num: 0,
    aux: i % 7 === 0 ? '(N' : '',
  }));
  for (const format of [8, 16, 24, 32, 61, 80, 160, 212, 310, 311]) {
    const sink = memorySink();
    const signals = [1, 2, 3].map(k => ({
      name: `lead ${k}`,
      units: 'mV',
      adcGain: 200,
      baseline: 3,
      adc: wave(k === 3 ? 240 : 120, k),
      samplingFrequency: k === 3 ? 200 : 100,
    }));
    await writeRecord(sink, { name: 'r', samplingFrequency: 100, signals, comments: ['made'] }, { format });
    const definitions = format % 2 === 0 ? [{ code: 42, symbol: 'odd', description: 'not even' }] : [];
    sink.files.set(
      'r.atr',
      encodeAnnotations(annotations, { definitions, ...(format === 16 ? { timeResolution: 50 } : {}) }),
    );
    if (format === 212 || format === 16) {
      const text = (lines: string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
      sink.files.set('m.hea', text(['m/4 3 100 250', 'r 120', '~ 10', 'r 120', '~ 0']));
      sink.files.set('v.hea', text(['v/4 2 100 250', 'layout 0', 'r 120', '~ 10', 'r 120']));
      sink.files.set(
        'layout.hea',
        text(['layout 2 100 0', '~ 0 100(0)/mV 12 0 0 0 0 lead 2', '~ 0 100(0)/mV 12 0 0 0 0 lead 1']),
      );
      made.push(
        { name: 'm', annotators: [], files: sink.files },
        { name: 'v', annotators: [], files: sink.files },
      );
    }
    made.push({ name: 'r', annotators: ['atr'], files: sink.files });
  }
  return made;
}

const hostileWords = [
  ...[
    '0',
    '-1',
    '1',
    '2',
    '7',
    '65536',
    '2147483647',
    '2147483648',
    '4294967296',
    '1000000000000',
    '99999999999999999999',
  ],
  ...[
    '1e308',
    '1e-308',
    'NaN',
    'Infinity',
    '~',
    '..',
    '../r.dat',
    '/etc/passwd',
    '#',
    '',
    ' ',
    '\n',
    '\r\n',
    '\0',
    '�',
  ],
  ...[
    '0x10',
    '212',
    '8',
    '16x3',
    '16:5',
    '16+1',
    '310',
    '311',
    '508',
    'r',
    'm',
    'r.hea',
    '200(1)/mV',
    '-200',
    '(',
    '/',
  ],
];

/** A copy of the files with one to four of them changed: bytes, lengths, or words of a header. */
export function corrupt(original: Original, random: Random): Map<string, Uint8Array> {
  const files = new Map(original.files);
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  const names = [...files.keys()];
  for (let times = 1 + pick(random.uniform() < 0.5 ? 1 : 4); times > 0; times--) {
    const name = names[pick(names.length)]!;
    const bytes = files.get(name);
    if (bytes === undefined) continue;
    if (name.endsWith('.hea') && random.uniform() < 0.7) files.set(name, corruptText(bytes, pick));
    else if (random.uniform() < 0.01) files.delete(name);
    else files.set(name, corruptBytes(bytes, pick));
  }
  return files;
}

function corruptText(bytes: Uint8Array, pick: (count: number) => number): Uint8Array {
  const words = new TextDecoder('latin1').decode(bytes).split(/([ \n()/:x+])/);
  const at = pick(words.length);
  const kind = pick(5);
  if (kind === 0) words.splice(at, 1 + pick(3));
  else if (kind === 1) words.splice(at, 0, hostileWords[pick(hostileWords.length)]!);
  else if (kind === 2) words.splice(at, 0, ...words.slice(pick(words.length)).slice(0, 12));
  else words[at] = hostileWords[pick(hostileWords.length)]!;
  return new TextEncoder().encode(words.join(''));
}

function corruptBytes(bytes: Uint8Array, pick: (count: number) => number): Uint8Array {
  const kind = pick(6);
  const at = pick(bytes.length + 1);
  const more = Uint8Array.from({ length: 1 + pick(9) }, () => pick(256));
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return Uint8Array.of(...bytes.subarray(0, at), ...more, ...bytes.subarray(at));
  if (kind === 2) return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + more.length));
  const changed = bytes.slice();
  if (kind === 3) changed.set(more.subarray(0, Math.max(0, bytes.length - at)), at);
  else if (kind === 4) changed.fill(pick(2) * 255, at, at + pick(40));
  else if (bytes.length > 0) changed[at % bytes.length]! ^= 1 << pick(8);
  return changed;
}

/** Reads corrupted files in every mode and checks the invariants. */
export async function examine(
  { name, annotators }: Original,
  files: ReadonlyMap<string, Uint8Array>,
  random: Random,
): Promise<Outcome> {
  const start = performance.now();
  let broken: string | undefined;
  const inner = memorySource(files);
  const source: Source = {
    async read(file, from, to) {
      if (file.startsWith('/') || file.split('/').includes('..')) broken = `asked for '${file}'`;
      return inner.read(file, from, to);
    },
  };
  const attempt = async (work: () => Promise<void>, callersToo = false): Promise<'read' | 'refused'> => {
    try {
      await work();
      return 'read';
    } catch (error) {
      const isFine = error instanceof WfdbError || (callersToo && error instanceof RangeError);
      if (!isFine) broken = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return 'refused';
    }
  };
  let whole: Recording | undefined;
  const record = await attempt(async () => {
    whole = await readRecord(source, name, { rate: 'signal' });
    const { signals, header } = whole;
    for (const { physical, adc } of signals) if (adc.length !== physical.length) broken = 'lengths differ';
    broken ??= checksumMisread(
      files,
      name,
      signals.map(signal => signal.adc),
    );
    if (header!.length !== undefined && signals[0] !== undefined) {
      const frames = signals[0].physical.length / (signals[0].header?.samplesPerFrame ?? 1);
      if (frames !== header!.length) broken = `${frames} frames read, ${header!.length} announced`;
    }
  });
  await attempt(async () => {
    if ((whole?.length ?? 0) > 1e6) return; // gaps that a header claims: once is enough
    const lenient = await readRecord(source, name, { rate: 'signal', lenient: true }).catch(error => {
      if (whole !== undefined) broken = 'lenient reading refuses what strict reading reads';
      throw error;
    });
    for (const [i, { physical }] of (whole?.signals ?? []).entries()) {
      const same = lenient.signals[i]!.physical;
      if (!physical.every((value, k) => Object.is(value, same[k]))) broken = `signal ${i} differs leniently`;
    }
  });
  const from = Math.floor(random.uniform() * 250);
  const window = { from, to: from + 1 + Math.floor(random.uniform() * 50) };
  await attempt(async () => {
    const rate = random.uniform() < 0.5 ? 'frame' : 'highest';
    const { signals, length } = await readRecord(source, name, { ...window, rate });
    if (signals.some(signal => signal.physical.length !== length)) broken = 'a window of another length';
  }, true);
  await attempt(async () => {
    const { signals } = await readRecord(source, name, { ...window, rate: 'signal' });
    for (const [i, { physical }] of signals.entries()) {
      const width = physical.length / (window.to - from);
      const part = whole?.signals[i]?.physical.subarray(from * width, window.to * width);
      if (part !== undefined && !physical.every((value, k) => Object.is(value, part[k]))) {
        broken = `signal ${i} differs between a window and the whole`;
      }
    }
  }, true);
  let annotations: Outcome['annotations'] = 'none';
  for (const annotator of annotators) {
    await attempt(async () => {
      await readAnnotations(source, name, annotator, { lenient: true });
    });
  }
  for (const annotator of annotators) {
    annotations = await attempt(async () => {
      const found = await readAnnotations(source, name, annotator);
      for (const [i, { sample }] of found.entries()) {
        const isOrdered = Number.isSafeInteger(sample) && sample >= (found[i - 1]?.sample ?? 0);
        if (!isOrdered) broken = `annotation ${i} at ${sample}`;
      }
      const inside = found.filter(({ sample }) => sample >= from && sample < window.to);
      const lenient = await readAnnotations(source, name, annotator, { lenient: true });
      if (JSON.stringify(lenient) !== JSON.stringify(found)) broken = 'annotations differ leniently';
      const part = await readAnnotations(source, name, annotator, window);
      if (JSON.stringify(part) !== JSON.stringify(inside)) broken = 'annotations of a window differ';
    });
  }
  const milliseconds = performance.now() - start;
  if (milliseconds > timeoutMs) broken ??= `took ${milliseconds.toFixed(0)} ms`;
  return { record, annotations, milliseconds, broken };
}

/**
 * Describes a signal that was read although its header, parsed independently, gives another checksum. Signals with skew
 * are skipped: their sum cannot be computed from the returned samples.
 */
function checksumMisread(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  read: readonly Int32Array[],
): string | undefined {
  const header = parseHeader(new TextDecoder('latin1').decode(files.get(`${name}.hea`)), name);
  if (header.segments !== undefined || header.length === undefined) return undefined;
  if (header.signals.every(line => (line.checksum ?? 0) === 0)) return undefined;
  for (const [i, { checksum, skew, format }] of header.signals.entries()) {
    if (checksum === undefined || skew !== 0 || format === 0) continue;
    const sum = read[i]!.reduce((total, value) => (total + value) | 0, 0);
    // A header's checksum may be any number: it counts modulo 2¹⁶.
    if (((sum - Number(BigInt.asIntN(16, BigInt(checksum)))) & 0xffff) !== 0) {
      return `signal ${i} sums to ${sum}, its checksum is ${checksum}`;
    }
  }
  return undefined;
}
