/** Reads Challenge records in MATLAB level-4 files, with their WFDB header or, without one, in ADC units. */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { type ReadOptions, type Recording, readRecord, type Signal } from '../record.ts';
import { hasFile, type Source, sizeOf } from '../source.ts';
import { collectLosses, lenientHint } from '../warnings.ts';
import { type Mat4Matrix, mat4Error, mat4HeaderBytes, mat4Row, parseMat4Header } from './mat4.ts';

/** What to read, and the sampling frequency of a file without a header. */
export interface Mat4ReadOptions extends ReadOptions {
  /** Hz; required if there is no WFDB header for the file. */
  readonly samplingFrequency?: number;
  /** Physical units of a matrix without a header; default `mV` where there is a gain, else `NU`. */
  readonly units?: string;
  /** ADC units per physical unit, of a matrix without a header; default 1 where units are given. */
  readonly adcGain?: number;
}

const mostMatrices = 1000;
/** A matrix with more rows is not a recording, or is transposed. */
const mostRows = 4096;

/**
 * Reads a Challenge record from its `.mat` file. If there is a WFDB header of the same name, `readRecord` reads the
 * record. Otherwise the rows of the matrix `val` are signals `row 1`, `row 2`, … in ADC units (`NU`,
 * uncalibrated unless units or a gain are given) at the given sampling frequency. Throws `WfdbError`, and `RangeError` for
 * a window or signal that does not exist.
 *
 * @example
 * const recording = await readMat4(source, 'A00001.mat', { samplingFrequency: 300 });
 */
export async function readMat4(
  source: Source,
  file: string,
  options: Mat4ReadOptions = {},
): Promise<Recording> {
  const name = file.replace(/\.mat$/i, '');
  if (await hasFile(source, `${name}.hea`)) return readRecord(source, name, options);
  const { samplingFrequency } = options;
  if (samplingFrequency === undefined) {
    const expected = `a header ${name}.hea in the same folder, or a sampling frequency`;
    const hint = 'option samplingFrequency, --frequency, gives it';
    throw mat4Error('unsupported', file, expected, 'neither', hint);
  }
  requireSamplingFrequency(samplingFrequency);
  const losses = collectLosses(options.lenient);
  const matrix = await findMatrix(source, file);
  if (matrix.rows > mostRows) {
    throw mat4Error('unsupported', file, `a row for each signal, at most ${mostRows}`, `${matrix.rows}`);
  }
  const column = matrix.rows * matrix.bytesPerValue;
  const there = Math.max(0, Math.floor(((await sizeOf(source, file)) - matrix.start) / column));
  const frame = (value: number): number =>
    options.unit === 'seconds' ? Math.round(value * samplingFrequency) : value;
  const from = frame(options.from ?? 0);
  const to = options.to === undefined ? matrix.columns : frame(options.to);
  if (
    !Number.isSafeInteger(from) ||
    !Number.isSafeInteger(to) ||
    from < 0 ||
    to <= from ||
    to > matrix.columns
  ) {
    throw new InputError(`${file}: the window is samples ${from} to ${to}, the matrix has ${matrix.columns}`);
  }
  if (there < to) {
    losses.report({
      code: 'truncated',
      file,
      byte: matrix.start + there * column,
      expected: `${to} samples a signal`,
      found: `${there}`,
      hint: there > 0 ? `read up to sample ${there}; ${lenientHint}` : lenientHint,
      count: to - there,
      what: 'samples a signal missing',
    });
  }
  const end = Math.min(to, there);
  const bytes =
    end > from
      ? await source.read(file, matrix.start + from * column, matrix.start + end * column)
      : new Uint8Array();
  const names = Array.from({ length: matrix.rows }, (_, row) => `row ${row + 1}`);
  const rows = (options.signals ?? names).map(signal => {
    const row = names.indexOf(signal);
    if (row < 0) throw new InputError(`${file} has no signal '${signal}', only row 1 to row ${matrix.rows}`);
    return row;
  });
  return {
    name,
    samplingFrequency,
    start: from,
    length: Math.max(0, end - from),
    signals: rows.map(row => ({
      name: names[row]!,
      samplingFrequency,
      ...scaled(mat4Row(bytes, matrix, row), options),
    })),
    comments: [],
    warnings: losses.warnings,
  };
}

/** A row in the units and with the gain that are given. */
function scaled(
  values: Float64Array,
  { units, adcGain }: Pick<Mat4ReadOptions, 'units' | 'adcGain'>,
): Omit<Signal, 'name' | 'samplingFrequency'> {
  if (adcGain !== undefined && !(Number.isFinite(adcGain) && adcGain !== 0)) {
    throw new InputError(`adcGain must be a finite number other than 0, not ${adcGain}`);
  }
  return {
    units: units ?? (adcGain === undefined ? 'NU' : 'mV'),
    ...(units === undefined && adcGain !== undefined && { unitsAssumed: true }),
    adcGain: adcGain ?? 1,
    baseline: 0,
    calibrated: units !== undefined || adcGain !== undefined,
    physical: adcGain === undefined ? values : values.map(value => value / adcGain),
    adc: Int32Array.from(values, Math.round),
  };
}

/** Finds the matrix `val`, or the first matrix if none has that name. */
async function findMatrix(source: Source, file: string): Promise<Mat4Matrix> {
  let first: Mat4Matrix | undefined;
  let byte = 0;
  for (let i = 0; i < mostMatrices; i++) {
    const matrix = parseMat4Header(await source.read(file, byte, byte + mat4HeaderBytes), byte);
    if (matrix === undefined) break;
    if (matrix.name === 'val') return matrix;
    first ??= matrix;
    byte = matrix.end;
  }
  if (first !== undefined) return first;
  throw mat4Error('syntax', file, 'a MATLAB level-4 matrix', 'none');
}
