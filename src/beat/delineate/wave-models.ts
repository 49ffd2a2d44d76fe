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
  weights: [-0.44118, -0.55281, -0.51422, -0.31235, 0.070144, 0.42628, 0.25764, -0.12125, -3.4645],
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
  weights: [0.26056, 0.34106, 0.25567, -0.084182, -0.58668, -0.68317, -0.56397, -2.2625, -1.4261],
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
  weights: [-7.4282, -6.0586, 0.59171, 0.33456, 0.094649, 0.1655, 0.33469],
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
    -0.10488, -0.13394, -0.11982, -0.1891, 0.0017878, 0.36671, 0.085035, 0.086743, 0.061682, -4.9655, -6.7455,
    -7.6181, 4.3047,
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
    -0.016953, -0.020286, -0.10436, 0.14448, 0.015042, -0.33576, -0.10239, -0.0038375, -0.0025299, -11.877,
    -0.067436, -6.4875, 7.057,
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
  weights: [-9.631, -9.1464, 1.1504, 0.17549, 0.35669, 0.016978, 0.14541],
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
    -0.023585, -0.046584, -0.30877, -0.46115, -0.23595, 0.13256, 0.02301, -0.060031, -0.13151, -6.4761,
    -3.9926, -5.1165, 4.7115,
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
    -0.037965, 0.075294, 0.126, 0.22331, 0.068333, -0.3493, -0.36957, -0.31516, -0.24536, 5.591, -3.4904,
    -6.248, 4.0553,
  ],
};

export const pPresenceWeights: PresenceWeights = [
  7.234, 0.15529, -0.94885, -1.1394, 0.45003, 0.52826, -2.671,
];
