/**
 * Borders and peaks of P, QRS and T as cardiologists marked them in records 1-100 of the Lobachevsky University Database
 * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.
 */
import type { BoundaryModel } from './boundary-model.ts';
import type { PresenceWeights } from './p-presence.ts';
import type { PeakModel } from './wave-peak.ts';

export const qrsOnsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  unitQuantile: 0.85,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: -152,
  last: -4,
  weights: [-0.44325, -0.55499, -0.51574, -0.3133, 0.069506, 0.42548, 0.25761, -0.082538, -3.4457],
};

export const qrsOffsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  unitQuantile: 0.85,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: 4,
  last: 220,
  weights: [0.26357, 0.34593, 0.25966, -0.079678, -0.58177, -0.67699, -0.561, -2.1466, -1.4125],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -430,
  last: -20,
  usual: -115,
  spread: 90,
  reaches: [24, 48, 80],
  weights: [-7.9127, -6.9415, 0.66035, 0.5022, 0.52403, 0.058993],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  first: -100,
  last: -12,
  weights: [
    -0.17443, -0.20978, -0.19066, -0.19403, 0.020561, 0.62121, 0.29836, 0.097653, 0.14577, -8.8357, -7.9466,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  first: 12,
  last: 100,
  weights: [
    0.0829, -0.076372, 0.027585, 0.4064, 0.12552, -0.30259, -0.25812, -0.093065, 0.20272, 8.6309, -8.6052,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  weights: [-9.7415, -9.1772, 1.1901, 0.19398, 0.41798, 0.065523],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  first: -220,
  last: -20,
  weights: [
    0.072189, -0.1531, -0.32527, -0.41506, -0.14119, 0.3389, 0.25975, 0.14766, -0.067975, -6.8057, -3.4349,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  first: 20,
  last: 200,
  weights: [
    -0.15777, 0.025375, 0.31102, 0.37677, 0.10319, -0.38568, -0.36276, -0.31984, -0.27466, 6.8268, -4.7797,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.5308, -0.17931, 0.26569, -1.5374, -1.6195];
