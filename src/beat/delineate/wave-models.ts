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
  weights: [-0.44249, -0.55431, -0.5168, -0.31415, 0.068723, 0.4243, 0.25689, -0.04964, -3.4404],
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
  weights: [0.26352, 0.34481, 0.259, -0.080553, -0.58274, -0.67797, -0.56158, -2.1861, -1.4026],
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
  weights: [-7.4186, -6.0742, 0.59201, 0.33368, 0.08961, 0.155, 0.3473],
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
    -0.10096, -0.13261, -0.10595, -0.18444, 0.0034652, 0.37737, 0.10046, 0.082333, 0.060925, -4.2164, -6.256,
    -7.5489, 4.4218,
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
    -0.032597, -0.042052, -0.10513, 0.14315, 0.014333, -0.33831, -0.10677, -0.0067084, -0.01496, -12.089,
    0.12341, -6.3958, 7.0849,
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
  weights: [-9.6594, -9.1956, 1.1548, 0.17521, 0.35564, 0.016281, 0.14386],
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
    -0.026694, -0.051742, -0.30706, -0.4621, -0.23894, 0.13149, 0.017418, -0.063765, -0.13732, -6.376,
    -3.9953, -5.0689, 4.7459,
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
    -0.047761, 0.078268, 0.12181, 0.2255, 0.069333, -0.34782, -0.36462, -0.3081, -0.23587, 5.5701, -3.476,
    -6.3025, 4.1236,
  ],
};

export const pPresenceWeights: PresenceWeights = [
  7.2794, 0.14619, -0.93538, -1.0834, 0.44412, 0.52369, -2.6776,
];
