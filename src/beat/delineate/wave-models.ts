/**
 * Models of the boundaries and peaks of P, QRS and T, fitted to cardiologists' marks in records 1-100 of the Lobachevsky University Database
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
  weights: [-0.44451, -0.55731, -0.51848, -0.31438, 0.06935, 0.42625, 0.25527, -0.076906, -3.4489],
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
  weights: [0.26168, 0.33986, 0.25557, -0.084547, -0.58733, -0.68419, -0.56621, -2.317, -1.4008],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -430,
  last: -20,
  usual: -115,
  spread: 90,
  reaches: [24, 48, 80],
  level: -12,
  lobesMs: 70,
  weights: [-7.4211, -6.0506, 0.58631, 0.33138, 0.09316, 0.15349, 0.35204],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  stretch: {
    halfWidth: 28,
    farthest: 90,
    reach: 60,
  },
  first: -100,
  last: -12,
  weights: [
    -0.10382, -0.12019, -0.10655, -0.18285, 0.006614, 0.38372, 0.10835, 0.098003, 0.060654, -4.3523, -6.3019,
    -7.6432, 4.4677,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  stretch: {
    halfWidth: 28,
    farthest: 90,
    reach: 60,
  },
  first: 12,
  last: 100,
  weights: [
    -0.022417, -0.028511, -0.097933, 0.14481, 0.016567, -0.3326, -0.094329, 0.00086131, 0.0028458, -12.302,
    0.10916, -6.3556, 7.109,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  level: 'median',
  weights: [-9.5896, -9.152, 1.1498, 0.17205, 0.35494, 0.018477, 0.14483],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  stretch: {
    halfWidth: 56,
    farthest: 220,
    reach: 120,
  },
  first: -220,
  last: -20,
  weights: [
    -0.023776, -0.046974, -0.30504, -0.46062, -0.2376, 0.1361, 0.024121, -0.061598, -0.13412, -6.4668, -3.97,
    -5.0569, 4.6352,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  stretch: {
    halfWidth: 56,
    farthest: 220,
    reach: 120,
  },
  first: 20,
  last: 200,
  weights: [
    -0.048532, 0.086009, 0.1222, 0.22692, 0.070792, -0.34597, -0.36532, -0.31155, -0.23686, 5.6819, -3.5091,
    -6.2763, 4.0765,
  ],
};

export const pPresenceWeights: PresenceWeights = [
  7.2119, 0.15696, -0.96828, -1.1519, 0.4955, 0.48088, -2.749,
];
