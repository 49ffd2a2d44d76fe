/** Files of the single-file containers, mutated, and the laws that reading them must keep. */
import type { Random } from '../../src/random.ts';
import { detectContainer, readContainer } from '../../src/wfdb/containers.ts';
import { readEdfAnnotationFile } from '../../src/wfdb/edf/annotations.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import type { Recording } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { edfFile } from './edf/edf-file.ts';
import { type Mutate, mutateBytes, mutateEdfHeader, mutateLists, mutateMat4Header } from './mutators.ts';

/** One kind of file to mutate. */
export interface FuzzedContainer {
  readonly name: string;
  readonly originals: readonly Uint8Array[];
  readonly mutators: readonly Mutate[];
}

/** What became of one input. */
export interface ContainerOutcome {
  readonly strict: 'read' | 'refused';
  readonly lenient: 'read' | 'refused';
  readonly milliseconds: number;
  readonly broken: string | undefined;
}

const patienceMs = 5000;
const ramp = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** The containers and their originals, each of which reads whole. */
export async function fuzzedContainers(): Promise<FuzzedContainer[]> {
  const sink = memorySink();
  const wave = (k: number) => Int32Array.from({ length: 700 }, (_, i) => Math.round(900 * Math.sin(i / k)));
  const lead = (name: string, k: number, more = {}) => ({
    name,
    units: 'mV',
    adcGain: 200,
    baseline: 0,
    adc: wave(k),
    ...more,
  });
  const marks = ramp(0, 20).map(i => ({
    onset: i / 3,
    duration: i % 4 === 0 ? 0.5 : undefined,
    text: `mark ${i}`,
  }));
  await writeEdf(
    sink,
    'c',
    { name: 'c', samplingFrequency: 100, signals: [lead('I', 9), lead('II', 5)] },
    marks,
  );
  const physical = Float64Array.from(wave(7), (value, i) => (i >= 200 && i < 400 ? Number.NaN : value / 200));
  await writeEdf(
    sink,
    'd',
    { name: 'd', samplingFrequency: 100, signals: [{ name: 'I', units: 'mV', physical }] },
    marks,
  );
  const plain = edfFile({
    signals: [
      { label: 'ECG', data: [ramp(0, 6), ramp(6, 6), ramp(12, 6)] },
      { label: 'Resp', data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)] },
    ],
  });
  const texts = [0, 1, 2].map(r => `+${r}\x14\x14\0+${r}.5\x140.25\x14beat\x14\0`);
  const bdf = (reserved: string) =>
    edfFile({
      bytesPerSample: 3,
      reserved,
      signals: [
        { label: 'ECG', data: [ramp(0, 6), ramp(-70_000, 6), ramp(12, 6)] },
        { label: 'BDF Annotations', data: texts },
      ],
    });
  const edf = [mutateBytes, mutateEdfHeader, mutateEdfHeader, mutateLists];
  return [
    { name: 'EDF', originals: [plain], mutators: edf },
    { name: 'EDF+', originals: [sink.files.get('c')!, sink.files.get('d')!], mutators: edf },
    { name: 'BDF', originals: [bdf('24BIT')], mutators: edf },
    { name: 'BDF+', originals: [bdf('BDF+C'), bdf('BDF+D')], mutators: edf },
    {
      name: 'MATLAB v4',
      originals: [
        mat4(10, 3, 2, 50),
        mat4(20, 0, 1, 40),
        Uint8Array.of(...mat4(30, 5, 3, 3), ...mat4(30, 3, 2, 20)),
      ],
      mutators: [mutateBytes, mutateMat4Header, mutateMat4Header],
    },
  ];
}

function mat4(seed: number, precision: number, rows: number, columns: number): Uint8Array {
  const size = [8, 4, 4, 2, 2, 1][precision]!;
  const bytes = new Uint8Array(24 + rows * columns * size);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of [10 * precision, rows, columns, 0, 4].entries()) view.setUint32(4 * i, word, true);
  bytes.set(new TextEncoder().encode(seed === 30 && precision === 5 ? 'abc\0' : 'val\0'), 20);
  for (let i = 24; i < bytes.length; i++) bytes[i] = (i * seed) & 0x3f;
  return bytes;
}

/** One of a container's files, mutated once or a few times. */
export function mutated({ originals, mutators }: FuzzedContainer, random: Random): Uint8Array {
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  let bytes = originals[pick(originals.length)]!;
  for (let times = 1 + pick(random.uniform() < 0.5 ? 1 : 4); times > 0; times--) {
    bytes = mutators[pick(mutators.length)]!(bytes, random);
  }
  return bytes;
}

/** Reads a file in every way and checks the laws. */
export async function examineContainer(bytes: Uint8Array, random: Random): Promise<ContainerOutcome> {
  const start = performance.now();
  let broken: string | undefined;
  const source = memorySource({ x: bytes });
  const attempt = async <T>(work: () => Promise<T>, callersToo = false): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const isFine = error instanceof WfdbError || (callersToo && error instanceof RangeError);
      if (!isFine) broken ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
      return undefined;
    }
  };
  const options = { samplingFrequency: 100 };
  const strict = await attempt(() => readContainer(source, 'x', options));
  const lenient = await attempt(() => readContainer(source, 'x', { ...options, lenient: true }));
  if (strict !== undefined && lenient === undefined)
    broken ??= 'lenient reading refuses what strict reading reads';
  for (const recording of [strict, lenient]) if (recording !== undefined) broken ??= misshapen(recording);
  if (strict !== undefined && lenient !== undefined && !isSame(strict, lenient)) {
    broken ??= 'strict and lenient reading differ';
  }
  if (lenient !== undefined && lenient.length > 1) {
    const from = Math.floor(random.uniform() * (lenient.length - 1));
    const to = Math.min(lenient.length, from + 1 + Math.floor(random.uniform() * 20));
    const part = await attempt(() => readContainer(source, 'x', { ...options, from, to }), true);
    if (part !== undefined && strict !== undefined && !isPart(part, strict, from))
      broken ??= 'a window differs from the whole';
    if (part === undefined && strict !== undefined) broken ??= 'a window of what is read whole is refused';
  }
  await attempt(async () => {
    const row = detectContainer(bytes);
    if (row?.name !== 'EDF' && row?.name !== 'BDF') return;
    const all = await attempt(() => readEdfAnnotationFile(source, 'x'));
    const some = await readEdfAnnotationFile(source, 'x', { lenient: true });
    if (all !== undefined && JSON.stringify(all.annotations) !== JSON.stringify(some.annotations)) {
      broken ??= 'annotations read strictly and leniently differ';
    }
    if (some.annotations.some(({ onset }) => !Number.isFinite(onset)))
      broken ??= 'an onset that is no number';
  });
  const milliseconds = performance.now() - start;
  if (milliseconds > patienceMs) broken ??= `took ${milliseconds.toFixed(0)} ms`;
  return {
    strict: strict === undefined ? 'refused' : 'read',
    lenient: lenient === undefined ? 'refused' : 'read',
    milliseconds,
    broken,
  };
}

function misshapen({ signals, length, samplingFrequency }: Recording): string | undefined {
  if (!(samplingFrequency > 0)) return `a sampling frequency of ${samplingFrequency}`;
  for (const { physical, adc, samplingFrequency: own } of signals) {
    if (physical.length !== adc.length) return 'lengths differ';
    if (Math.abs(physical.length - (length * own) / samplingFrequency) > 0.5)
      return 'a signal of another length';
  }
  return undefined;
}

const isSame = (a: Recording, b: Recording): boolean =>
  a.length === b.length && a.signals.every(({ physical }, s) => isEqual(physical, b.signals[s]!.physical));

const isEqual = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Whether a window's samples are those of the whole. */
function isPart(part: Recording, whole: Recording, from: number): boolean {
  return part.signals.every(({ physical }, s) => {
    const all = whole.signals[s]!.physical;
    const first = (from * all.length) / whole.length;
    return isEqual(physical, all.slice(first, first + physical.length));
  });
}
