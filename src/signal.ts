/**
 * `upstroke/signal`: filters, baseline, spectrum and resampling; the linear ones are `LinearOperator`s with adjoints.
 *
 * For research use only, not for diagnosis.
 */
export { baselineWander } from './signal/baseline.ts';
export { butterworth, notch, type Passband, type Section } from './signal/butterworth.ts';
export { causal, mainsNotch, zeroPhase, zeroPhaseBand } from './signal/filter.ts';
export { lombScargle, type Spectrum } from './signal/lomb-scargle.ts';
export { resampler } from './signal/resample.ts';
export { powerSpectrum } from './signal/spectrum.ts';
