/** EDF files for tests, byte by byte after the specification. */

export interface EdfSpec {
  /** 3 for BDF; default 2. */
  readonly bytesPerSample?: 2 | 3;
  readonly reserved?: string;
  readonly records?: number | string;
  readonly recordSeconds?: number | string;
  readonly signals: readonly {
    readonly label: string;
    readonly dimension?: string;
    readonly transducer?: string;
    readonly prefiltering?: string;
    readonly physical?: readonly [number | string, number | string];
    readonly digital?: readonly [number | string, number | string];
    /** Samples of each data record, or text for annotations. */
    readonly data: readonly (readonly number[] | string)[];
  }[];
}

const field = (value: string | number, width: number): string => String(value).padEnd(width).slice(0, width);

export function edfFile(spec: EdfSpec): Uint8Array {
  const { bytesPerSample = 2, reserved = '', records, recordSeconds = 1, signals } = spec;
  const count = signals[0]!.data.length;
  const samplesOf = (data: readonly (readonly number[] | string)[]): number =>
    Math.max(
      ...data.map(part =>
        typeof part === 'string' ? Math.ceil((part.length + 1) / bytesPerSample) : part.length,
      ),
    );
  const columns = [
    signals.map(({ label }) => field(label, 16)),
    signals.map(({ transducer = '' }) => field(transducer, 80)),
    signals.map(({ dimension = 'uV' }) => field(dimension, 8)),
    signals.map(({ physical = [-100, 100] }) => field(physical[0], 8)),
    signals.map(({ physical = [-100, 100] }) => field(physical[1], 8)),
    signals.map(({ digital = [-1000, 1000] }) => field(digital[0], 8)),
    signals.map(({ digital = [-1000, 1000] }) => field(digital[1], 8)),
    signals.map(({ prefiltering = '' }) => field(prefiltering, 80)),
    signals.map(({ data }) => field(samplesOf(data), 8)),
    signals.map(() => field('', 32)),
  ];
  const header = [
    field('0', 8),
    field('X X X X', 80),
    field('Startdate X X X X', 80),
    '01.01.0112.00.00',
    field(256 * (signals.length + 1), 8),
    field(reserved, 44),
    field(records ?? count, 8),
    field(recordSeconds, 8),
    field(signals.length, 4),
    ...columns.flat(),
  ].join('');
  const body = Array.from({ length: count }, (_, r) =>
    signals.flatMap(({ data }) => {
      const part = data[r]!;
      if (typeof part === 'string') {
        const bytes = [...new TextEncoder().encode(part)];
        return bytes.concat(new Array(bytesPerSample * samplesOf(data) - bytes.length).fill(0));
      }
      return part.flatMap(value =>
        [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff].slice(0, bytesPerSample),
      );
    }),
  );
  const bytes = Uint8Array.from([...new TextEncoder().encode(header), ...body.flat()]);
  if (bytesPerSample === 3) bytes.set([0xff, ...new TextEncoder().encode('BIOSEMI')]);
  return bytes;
}
