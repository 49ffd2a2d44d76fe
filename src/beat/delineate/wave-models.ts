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
  weights: [-0.4436, -0.55584, -0.51549, -0.31341, 0.069233, 0.42402, 0.25618, -0.12812, -3.4955],
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
  weights: [0.26234, 0.34526, 0.25894, -0.080394, -0.58255, -0.67808, -0.5603, -2.151, -1.4234],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -430,
  last: -20,
  usual: -115,
  spread: 90,
  reaches: [24, 48, 80],
  weights: [-7.6256, -6.2049, 0.53723, 0.22513, 0.18818, 0.11287, 0.17846, 0.14178],
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
    -0.092888, -0.12635, -0.11123, -0.18589, -0.0044812, 0.36672, 0.10051, 0.075194, 0.053879, -5.5554,
    -7.3368, -6.6399, 4.029,
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
    -0.0049502, -0.022737, -0.11828, 0.14966, 0.026442, -0.34418, -0.12471, 0.021712, -0.039573, -8.3589,
    -2.4183, -5.1635, 6.1162,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  weights: [-9.0342, -9.1867, 0.87828, 0.067906, 0.37463, 0.258, 0.059867, -0.008109],
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
    -0.018027, -0.056798, -0.3183, -0.45147, -0.22175, 0.14833, 0.042082, -0.030259, -0.13062, -5.8, -3.7542,
    -4.7596, 4.7968,
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
    -0.048853, 0.082591, 0.12105, 0.21725, 0.066295, -0.3479, -0.36792, -0.30507, -0.24166, 4.5422, -3.3519,
    -5.75, 4.4256,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.6921, -0.20237, 0.21188, -0.99379, -1.8656];
