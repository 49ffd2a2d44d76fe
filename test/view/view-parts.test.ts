/** Parts of the workbench without a page: address, words, lasso, shapes, picked files, calls to a worker. */
import { describe, expect, test } from 'vitest';
import { calibrationNotes } from '../../src/analysis/leads.ts';
import { provenanceText } from '../../src/analysis/report/record-report.ts';
import { verdictKinds } from '../../src/learn/diagnose/training-evidence.ts';
import { beatNear, emptyColumns, joinColumns } from '../../src/view/beats/beat-columns.ts';
import { histogramOf, isInsideLasso } from '../../src/view/beats/lasso.ts';
import { reshapeBeat } from '../../src/view/explain/reshape-beat.ts';
import { annotatorsAmong, inputFromUrl, recordingsAmong } from '../../src/view/open/recording-input.ts';
import { provenanceIn } from '../../src/view/provenance-text.ts';
import { allWords, setLanguage, word } from '../../src/view/translations.ts';
import { formatAddress, initialSettings, parseAddress } from '../../src/view/workbench/settings.ts';
import { timeTextOf } from '../../src/view/workbench/time-format.ts';
import { CallError, connect, type Port, serve } from '../../src/view/worker/remote-calls.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { edfFile } from '../wfdb/edf/edf-file.ts';

describe('address', () => {
  test('holds the whole state and restores it', () => {
    const address = {
      record: 'https://example.org/a b/100',
      from: 12.5,
      to: 20,
      settings: {
        ...initialSettings,
        view: 'why',
        layout: '3x4',
        lead: 3,
        shown: [0, 4],
        speed: 25,
        gain: 10,
        scheme: 'central2',
        filter: 'monitor',
        isClock: true,
      },
      isLeadGiven: true,
    } as const;
    expect(parseAddress(`#${formatAddress(address)}`)).toEqual(address);
  });

  test('invalid parts of it keep their defaults', () => {
    const { settings, from } = parseAddress(
      '#view=x&layout=y&lead=-1&speed=7&gain=<b>&scheme=evil&filter=__proto__&from=abc&leads=a.b',
    );
    expect(settings).toEqual(initialSettings);
    expect(from).toBeUndefined();
  });
});

describe('words', () => {
  test('every word is there in both languages, with the same places to fill', () => {
    const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(m => m[0]).sort();
    for (const [name, [english, japanese]] of Object.entries(allWords)) {
      expect(english.length * japanese.length, name).toBeGreaterThan(0);
      expect(places(japanese), name).toEqual(places(english));
    }
  });

  test('how slopes were measured is told in Japanese, with what is noted, and an unknown text as it is', () => {
    const provenance = {
      ...{ scheme: 'sg:16ms:4', windowMs: 8, windowSamples: 9, upsampling: 4, samplingFrequency: 250 },
      band: {},
    } as never;
    const text = provenanceText(provenance, {
      beatsFrom: 'detected on MLII',
      notes: [
        ...calibrationNotes([{ name: 'II', units: 'mV', calibrated: false, unitsAssumed: true } as never]),
        'median standard error of a beat due to noise: R time ± 0.25 ms (bias −0.01)',
        'something else',
      ],
    });
    expect(provenanceIn(text)).toBe(text);
    setLanguage('ja');
    expect(provenanceIn(text)).toBe(
      'dV/dt: sg:16ms:4(250 Hz、フィルターなし)。最小二乗勾配: 8 ms(9 点、4 倍に補間)。心拍: MLII で検出' +
        '。II のゲインは仮定。II の単位は mV と仮定。雑音による 1 拍の標準誤差の中央値: R 波の時刻 ± 0.25 ms (偏り −0.01)' +
        '。something else',
    );
    expect(provenanceIn('by hand')).toBe('by hand');
    const band = { lowCutHz: 0.5, notchHz: 50, baselineRemoved: true };
    const filtered = provenanceText({ ...(provenance as object), band } as never, {
      beatsFrom: 'annotations s01.atr',
      notes: [],
    });
    expect(provenanceIn(filtered)).toContain('基線を除去、0.5 Hz 以上、50 Hz とその高調波を除去');
    expect(provenanceIn(filtered)).toContain('心拍: 注釈 s01.atr');
    setLanguage('en');
  });

  test('every verdict on a training is translated, and no other', () => {
    const translated = Object.keys(allWords).filter(name => name.startsWith('verdict_'));
    expect(translated.sort()).toEqual(verdictKinds.map(kind => `verdict_${kind}`).sort());
  });

  test('are shown in the chosen language with values inserted', () => {
    expect(word('savedTo', { file: '100.edit' })).toBe('Saved 100.edit');
    setLanguage('ja');
    expect(word('savedTo', { file: '100.edit' })).toBe('100.edit を保存しました');
    setLanguage('en');
  });
});

describe('lasso and histogram', () => {
  test('points inside a concave outline are selected, points outside are not', () => {
    const outline = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 2 },
      { x: 0, y: 10 },
    ];
    expect(isInsideLasso({ x: 5, y: 1 }, outline)).toBe(true);
    expect(isInsideLasso({ x: 5, y: 8 }, outline)).toBe(false);
    expect(isInsideLasso({ x: 1, y: 7 }, outline)).toBe(true);
    expect(isInsideLasso({ x: 11, y: 1 }, outline)).toBe(false);
  });

  test('every value is counted once, the largest too', () => {
    const { counts, edges } = histogramOf([0, 0.5, 1, 2, 3, 4], 0, 4, 4);
    expect(counts).toEqual([2, 1, 1, 2]);
    expect(edges).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('beat columns', () => {
  test('are joined in order and searched by time', () => {
    const part = (...times: number[]) => {
      const columns = emptyColumns(times.length);
      columns.time.set(times);
      return columns;
    };
    const joined = joinColumns([part(1, 2), part(3)]);
    expect([...joined.time]).toEqual([1, 2, 3]);
    expect(beatNear(joined, 2.2, 0.5)).toBe(1);
    expect(beatNear(joined, 9, 7)).toBe(2);
    expect(beatNear(joined, 9, 1)).toBeUndefined();
    expect(beatNear(part(), 1, 1)).toBeUndefined();
  });
});

describe('reshaped beat', () => {
  const voltage = Float64Array.from({ length: 201 }, (_, k) => Math.max(0, 1 - Math.abs(k - 100) / 10));
  const complex = { onset: 85, peak: 100, offset: 115, isUpright: true };
  const steepest = (v: Float64Array): number => Math.max(...v.subarray(1).map((x, k) => x - v[k]!));
  const area = (v: Float64Array): number => v.reduce((a, b) => a + b);

  test('factors of 1 leave it as recorded', () => {
    const same = reshapeBeat(voltage, complex, { slope: 1, width: 1, amplitude: 1 });
    same.forEach((value, k) => {
      expect(value).toBeCloseTo(voltage[k]!, 12);
    });
  });

  test('slope, amplitude and width do to a triangle what their names say', () => {
    const steeper = reshapeBeat(voltage, complex, { slope: 2, width: 1, amplitude: 1 });
    expect(steepest(steeper)).toBeCloseTo(2 * steepest(voltage), 9);
    // The downstroke is as it was.
    expect([...steeper.subarray(100)]).toEqual([...voltage.subarray(100)]);
    const larger = reshapeBeat(voltage, complex, { slope: 1, width: 1, amplitude: 1.5 });
    expect(Math.max(...larger)).toBeCloseTo(1.5, 12);
    const wider = reshapeBeat(voltage, complex, { slope: 1, width: 2, amplitude: 1 });
    expect(area(wider)).toBeCloseTo(2 * area(voltage), 6);
  });

  test('in an inverted complex the upstroke is the way back', () => {
    const inverted = voltage.map(value => 0 - value);
    const steeper = reshapeBeat(
      inverted,
      { ...complex, isUpright: false },
      { slope: 2, width: 1, amplitude: 1 },
    );
    expect([...steeper.subarray(0, 101)]).toEqual([...inverted.subarray(0, 101)]);
    expect(steepest(steeper)).toBeCloseTo(2 * steepest(inverted), 9);
  });

  test('a complex outside the window or a factor of 0 is refused', () => {
    expect(() =>
      reshapeBeat(voltage, { ...complex, offset: 300 }, { slope: 1, width: 1, amplitude: 1 }),
    ).toThrow(RangeError);
    expect(() => reshapeBeat(voltage, complex, { slope: 0, width: 1, amplitude: 1 })).toThrow(RangeError);
  });
});

describe('picked files', () => {
  test('headers, and other recordings by their content; of a record every ending that may be an annotator', async () => {
    const table = 'time,ECG\n0.000,0.1\n0.004,0.2\n0.008,0.3\n';
    const edf = edfFile({ signals: [{ label: 'ECG', data: [[1, 2, 3, 4]] }] });
    const files = {
      '10.hea': '10 0 250 10\n',
      '9.hea': '9 1 250 10\n9.dat 16\n',
      '9.dat': '1,2\n3,4\n',
      'a.CSV': table,
      'b.log': table,
      'n.edf': edf,
      'night.bin': edf,
      'x.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
      'notes.txt': 'Dear all,\nthe recordings follow.\n',
    };
    const blobs = new Map(
      Object.entries(files).map(([name, content]) => [name, new Blob([content as BlobPart])] as const),
    );
    expect(await recordingsAmong(blobs)).toEqual(['9', '10', 'a.CSV', 'b.log', 'n.edf', 'night.bin']);
    expect(
      annotatorsAmong(['100.hea', '100.dat', '100.atr', '100.qrs', '1001.atr', '100.a.b'], '100'),
    ).toEqual([...['atr', 'qrs']]);
  });

  test('a URL is a folder and a record; anything but HTTP is refused', () => {
    expect(inputFromUrl('https://h/db/100.hea?x=1#y')).toEqual({
      kind: 'url',
      base: 'https://h/db/',
      record: '100',
    });
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'x', 'https://h/db/']) {
      expect(() => inputFromUrl(url)).toThrow(RangeError);
    }
  });
});

describe('time', () => {
  test('seconds, minutes and hours, or the clock past midnight', () => {
    expect(timeTextOf(undefined)(12.34, 0.1)).toBe('12.3 s');
    expect(timeTextOf(undefined)(61.5, 0.1)).toBe('1:01.5');
    expect(timeTextOf(undefined)(3661, 1)).toBe('01:01:01');
    expect(timeTextOf('23:59:30')(45, 1)).toBe('00:00:15');
  });
});

describe('calls to a worker', () => {
  const linked = (): readonly [Port, Port] => {
    const listeners: [Set<(event: MessageEvent) => void>, Set<(event: MessageEvent) => void>] = [
      new Set(),
      new Set(),
    ];
    const port = (own: 0 | 1): Port => ({
      postMessage(message, transfer) {
        const data = structuredClone(message, { transfer: transfer ?? [] });
        queueMicrotask(() => {
          for (const listener of listeners[own === 0 ? 1 : 0]) listener({ data } as MessageEvent);
        });
      },
      addEventListener: (_type, listener) => listeners[own].add(listener),
    });
    return [port(0), port(1)];
  };

  test('answers come back to their own call, arrays handed over, errors with what they tell', async () => {
    const [page, worker] = linked();
    const handlers = {
      slow: (n: number) => new Promise<number>(resolve => setTimeout(() => resolve(n), 20 - n)),
      array: () => [Float64Array.of(1, 2)],
      missing: () => {
        throw new WfdbError({ code: 'not-found', file: '1.dat', expected: 'a', found: 'b' });
      },
    };
    serve(worker, handlers);
    const { call } = connect<typeof handlers, Record<never, never>>(page);
    expect(await Promise.all([call.slow(1), call.slow(15)])).toEqual([1, 15]);
    expect(await call.array()).toEqual([Float64Array.of(1, 2)]);
    const error = await call.missing().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CallError);
    expect((error as CallError).detail).toMatchObject({ code: 'not-found', file: '1.dat' });
  });

  test('inherited properties cannot be called as handlers', async () => {
    const [page, worker] = linked();
    serve(worker, {});
    const { call } = connect<{ toString: () => string }, Record<never, never>>(page);
    await expect(call.toString()).rejects.toThrow('no such call');
  });
});
