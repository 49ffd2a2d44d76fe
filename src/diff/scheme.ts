/** Derivative schemes: as plain data, as text for the command line, and as linear operators. */
import { InputError } from '../input-error.ts';
import { fftDerivative } from './fft-derivative.ts';
import type { LinearOperator } from './operator.ts';
import { oddWindowSamples, savitzkyGolay } from './savitzky-golay.ts';
import { finiteDifference, panTompkinsDerivative, twoPointDifference } from './stencils.ts';

/**
 * A scheme for the first derivative of a sampled signal. Windows are in ms, so that a scheme means the same at any
 * sampling frequency.
 */
export type Scheme =
  | { readonly kind: 'forward' }
  | { readonly kind: 'backward' }
  /** Central differences; `order` is the order of accuracy. */
  | { readonly kind: 'central'; readonly order: 2 | 4 | 6 | 8 }
  /**
   * Least-squares polynomial of `degree` over the odd number of samples nearest to `windowMs`; degree 1 is a straight
   * line.
   */
  | { readonly kind: 'savitzky-golay'; readonly windowMs: number; readonly degree: number }
  | { readonly kind: 'pan-tompkins' }
  | { readonly kind: 'fft' };

/**
 * dV/dt as a linear operator: input in mV, output in mV/s, of equal length.
 *
 * Throws `RangeError` when the signal is shorter than the scheme's stencil, when a Savitzky–Golay window has no more
 * samples than its degree at this sampling frequency, or when the sampling frequency is not positive.
 *
 * @example
 * differentiator({ kind: 'central', order: 2 }, 3, 360).apply(Float64Array.of(0, 0.5, 1)) // => [180, 180, 180]
 */
export function differentiator(scheme: Scheme, length: number, samplingFrequency: number): LinearOperator {
  switch (scheme.kind) {
    case 'forward':
      return twoPointDifference(1, length, samplingFrequency);
    case 'backward':
      return twoPointDifference(-1, length, samplingFrequency);
    case 'central':
      return finiteDifference(1, scheme.order, length, samplingFrequency);
    case 'savitzky-golay': {
      const windowSamples = oddWindowSamples(scheme.windowMs, samplingFrequency);
      return savitzkyGolay(
        { windowSamples, degree: scheme.degree, derivativeOrder: 1 },
        length,
        samplingFrequency,
      );
    }
    case 'pan-tompkins':
      return panTompkinsDerivative(length, samplingFrequency);
    case 'fft':
      return fftDerivative(length, samplingFrequency);
  }
}

/** The forms that `parseScheme` accepts, for help texts. */
export const schemeForms =
  'forward, backward, central2, central4, central6, central8, sg:8ms:1, pan-tompkins, fft';

/**
 * Parses a scheme. Throws `RangeError`, listing the accepted forms.
 *
 * @example parseScheme('sg:12ms:2') // => { kind: 'savitzky-golay', windowMs: 12, degree: 2 }
 */
export function parseScheme(text: string): Scheme {
  if (text === 'forward' || text === 'backward' || text === 'pan-tompkins' || text === 'fft') {
    return { kind: text };
  }
  const central = /^central([2468])$/.exec(text);
  if (central) return { kind: 'central', order: Number(central[1]) as 2 | 4 | 6 | 8 };
  const fit = /^sg:(\d{1,6}(?:\.\d{1,6})?)ms:(\d{1,2})$/.exec(text);
  if (fit) {
    const windowMs = Number(fit[1]);
    const degree = Number(fit[2]);
    if (windowMs > 0 && degree > 0) return { kind: 'savitzky-golay', windowMs, degree };
  }
  throw new InputError(`no derivative scheme '${text}': take one like ${schemeForms}`);
}

/**
 * The text of a scheme, which `parseScheme` parses to the same scheme.
 *
 * @example describeScheme({ kind: 'savitzky-golay', windowMs: 12, degree: 2 }) // => 'sg:12ms:2'
 */
export function describeScheme(scheme: Scheme): string {
  switch (scheme.kind) {
    case 'central':
      return `central${scheme.order}`;
    case 'savitzky-golay':
      return `sg:${scheme.windowMs}ms:${scheme.degree}`;
    default:
      return scheme.kind;
  }
}

/**
 * The time to which a scheme's values belong, in samples after their index: ±½ for two-point differences, whose value
 * is the slope midway between two samples, and 0 for all others.
 */
export function schemeOffset(scheme: Scheme): number {
  if (scheme.kind === 'forward') return 0.5;
  return scheme.kind === 'backward' ? -0.5 : 0;
}
