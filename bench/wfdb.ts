/**
 * `npm run bench wfdb`: `readRecord` of half an hour of two leads from memory to mV, in every format, against a minimal
 * loop that unpacks the same bytes into preallocated arrays; `readAnnotations` against a bare loop over the same
 * file. They run in turn, and the fastest run of each counts.
 */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import {
  type Annotation,
  encodeAnnotations,
  readAnnotations,
} from '../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../src/wfdb/record.ts';
import { memorySink, memorySource } from '../src/wfdb/source.ts';
import { writeRecord } from '../src/wfdb/write.ts';

const frames = 650_000;
const rounds = 60;
const adcGain = 40;
const baseline = 12;

/** Two leads that every format can represent, including format 8. */
const adc = [0, 1].map(lead =>
  Int32Array.from({ length: frames }, (_, i) =>
    Math.round(100 * Math.sin((i * (lead + 2)) / 50) + 15 * Math.sin(i * 1.7)),
  ),
);

type Loop = (
  bytes: Uint8Array,
  first: Float64Array,
  second: Float64Array,
  gain: number,
  zero: number,
) => void;

const loops: Record<number, Loop> = {
  8(bytes, first, second, gain, zero) {
    let a = adc[0]![0]!;
    let b = adc[1]![0]!;
    for (let i = 0, k = 0; i < first.length; i++, k += 2) {
      a += (bytes[k]! << 24) >> 24;
      b += (bytes[k + 1]! << 24) >> 24;
      first[i] = (a - zero) / gain;
      second[i] = (b - zero) / gain;
    }
  },
  16(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 4) {
      first[i] = (((((bytes[k + 1]! << 8) | bytes[k]!) << 16) >> 16) - zero) / gain;
      second[i] = (((((bytes[k + 3]! << 8) | bytes[k + 2]!) << 16) >> 16) - zero) / gain;
    }
  },
  24(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 6) {
      first[i] = (((((bytes[k + 2]! << 16) | (bytes[k + 1]! << 8) | bytes[k]!) << 8) >> 8) - zero) / gain;
      second[i] =
        (((((bytes[k + 5]! << 16) | (bytes[k + 4]! << 8) | bytes[k + 3]!) << 8) >> 8) - zero) / gain;
    }
  },
  32(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 8) {
      const a = (bytes[k + 3]! << 24) | (bytes[k + 2]! << 16) | (bytes[k + 1]! << 8) | bytes[k]!;
      const b = (bytes[k + 7]! << 24) | (bytes[k + 6]! << 16) | (bytes[k + 5]! << 8) | bytes[k + 4]!;
      first[i] = (a - zero) / gain;
      second[i] = (b - zero) / gain;
    }
  },
  61(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 4) {
      first[i] = (((((bytes[k]! << 8) | bytes[k + 1]!) << 16) >> 16) - zero) / gain;
      second[i] = (((((bytes[k + 2]! << 8) | bytes[k + 3]!) << 16) >> 16) - zero) / gain;
    }
  },
  80(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 2) {
      first[i] = (bytes[k]! - 128 - zero) / gain;
      second[i] = (bytes[k + 1]! - 128 - zero) / gain;
    }
  },
  160(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 4) {
      first[i] = (((bytes[k + 1]! << 8) | bytes[k]!) - 32768 - zero) / gain;
      second[i] = (((bytes[k + 3]! << 8) | bytes[k + 2]!) - 32768 - zero) / gain;
    }
  },
  212(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i++, k += 3) {
      const shared = bytes[k + 1]!;
      first[i] = ((((((shared & 15) << 8) | bytes[k]!) << 20) >> 20) - zero) / gain;
      second[i] = ((((((shared >> 4) << 8) | bytes[k + 2]!) << 20) >> 20) - zero) / gain;
    }
  },
  310(bytes, first, second, gain, zero) {
    // Six samples, three of each lead, in four 16-bit words.
    for (let i = 0, k = 0; i < first.length; i += 3, k += 8) {
      const w0 = (bytes[k + 1]! << 8) | bytes[k]!;
      const w1 = (bytes[k + 3]! << 8) | bytes[k + 2]!;
      const w2 = (bytes[k + 5]! << 8) | bytes[k + 4]!;
      const w3 = (bytes[k + 7]! << 8) | bytes[k + 6]!;
      first[i] = (((((w0 >> 1) & 0x3ff) << 22) >> 22) - zero) / gain;
      second[i] = (((((w1 >> 1) & 0x3ff) << 22) >> 22) - zero) / gain;
      first[i + 1] = ((((((w0 & 0xf800) >> 11) | ((w1 & 0xf800) >> 6)) << 22) >> 22) - zero) / gain;
      second[i + 1] = (((((w2 >> 1) & 0x3ff) << 22) >> 22) - zero) / gain;
      first[i + 2] = (((((w3 >> 1) & 0x3ff) << 22) >> 22) - zero) / gain;
      second[i + 2] = ((((((w2 & 0xf800) >> 11) | ((w3 & 0xf800) >> 6)) << 22) >> 22) - zero) / gain;
    }
  },
  311(bytes, first, second, gain, zero) {
    for (let i = 0, k = 0; i < first.length; i += 3, k += 8) {
      const w0 = (bytes[k + 3]! << 24) | (bytes[k + 2]! << 16) | (bytes[k + 1]! << 8) | bytes[k]!;
      const w1 = (bytes[k + 7]! << 24) | (bytes[k + 6]! << 16) | (bytes[k + 5]! << 8) | bytes[k + 4]!;
      first[i] = (((w0 << 22) >> 22) - zero) / gain;
      second[i] = (((w0 << 12) >> 22) - zero) / gain;
      first[i + 1] = (((w0 << 2) >> 22) - zero) / gain;
      second[i + 1] = (((w1 << 22) >> 22) - zero) / gain;
      first[i + 2] = (((w1 << 12) >> 22) - zero) / gain;
      second[i + 2] = (((w1 << 2) >> 22) - zero) / gain;
    }
  },
};

/** For FLAC, the decoder library and the scaling of its output. */
async function decodeFlac(bytes: Uint8Array, bits: number, first: Float64Array, second: Float64Array) {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const { channelData } = await decoder.decodeFile(bytes);
  const full = 2 ** (bits - 1) - 1;
  for (const [c, out] of [first, second].entries()) {
    const samples = channelData[c]!;
    for (let i = 0; i < out.length; i++) out[i] = (Math.round(samples[i]! * full) - baseline) / adcGain;
  }
  decoder.free();
}

const first = new Float64Array(frames);
const second = new Float64Array(frames);

/** Milliseconds of the fastest run of each function. */
async function race(works: Record<string, () => unknown>): Promise<Record<string, number>> {
  const fastest: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      fastest[name] = Math.min(fastest[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return fastest;
}

const row = (name: string, own: number, minimal: number): string =>
  `${name.padEnd(14)}${own.toFixed(2).padStart(8)} ms${minimal.toFixed(2).padStart(10)} ms${(own / minimal).toFixed(2).padStart(8)}`;

console.log(`readRecord, ${frames} samples of two leads in memory to mV; fastest of ${rounds} runs\n`);
console.log(`${'format'.padEnd(14)} readRecord  minimal loop   ratio`);
for (const format of [212, 16, 8, 24, 32, 61, 80, 160, 310, 311, 508, 516, 524]) {
  const sink = memorySink();
  const signals = adc.map((values, i) => ({
    name: `lead ${i}`,
    units: 'mV',
    adcGain,
    baseline,
    adc: values,
  }));
  await writeRecord(sink, { name: 'r', samplingFrequency: 360, signals }, { format });
  const source = memorySource(sink.files);
  const bytes = sink.files.get('r.dat')!;
  const loop = loops[format];
  const fastest = await race({
    minimal: loop
      ? () => loop(bytes, first, second, adcGain, baseline)
      : () => decodeFlac(bytes, { 508: 8, 516: 16, 524: 24 }[format]!, first, second),
    own: () => readRecord(source, 'r'),
  });
  const read = await readRecord(source, 'r');
  const wrong = [first, second].findIndex((values, i) =>
    values.some((v, k) => v !== read.signals[i]!.physical[k]),
  );
  if (wrong >= 0)
    throw new Error(`format ${format}: the minimal loop and readRecord differ in lead ${wrong}`);
  console.log(row(`${format}`, fastest.own!, fastest.minimal!));
}

const allocation = await race({
  allocation: () => [new Float64Array(frames).fill(1), new Float64Array(frames).fill(1)],
});
const filled = await race({ fill: () => [first.fill(1), second.fill(1)] });
const cost = allocation.allocation! - filled.fill!;
console.log(
  `\nOf readRecord, ${cost.toFixed(2)} ms are for allocating memory, which the minimal loops do beforehand.`,
);

const annotations: Annotation[] = Array.from({ length: 100_000 }, (_, i) => ({
  sample: 300 * i + ((i * i) % 97),
  symbol: i % 11 === 0 ? 'V' : 'N',
  subtype: 0,
  channel: 0,
  num: 0,
  aux: i % 100 === 0 ? '(N' : '',
}));
const annotationBytes = encodeAnnotations(annotations);
const annotationSource = memorySource({ 'r.atr': annotationBytes });

/** Only times and codes, in growing arrays; texts are skipped. */
function bareParse(bytes: Uint8Array): { times: number[]; codes: number[] } {
  const times: number[] = [];
  const codes: number[] = [];
  let time = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const word = bytes[at]! | (bytes[at + 1]! << 8);
    const code = word >> 10;
    if (word === 0) break;
    if (code < 59) {
      time += word & 0x3ff;
      times.push(time);
      codes.push(code);
    } else if (code === 63) at += (word & 0xff) + (word & 1);
    else if (code === 59) {
      time += (bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 5]! << 8) | bytes[at + 4]!;
      at += 4;
    }
  }
  return { times, codes };
}

const fastest = await race({
  minimal: () => bareParse(annotationBytes),
  own: () => readAnnotations(annotationSource, 'r', 'atr'),
});
console.log(`\nreadAnnotations, ${annotations.length} annotations in memory`);
console.log(row('annotations', fastest.own!, fastest.minimal!));
