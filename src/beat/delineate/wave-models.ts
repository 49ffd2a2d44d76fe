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
  weights: [-0.44453, -0.55648, -0.51788, -0.31447, 0.069312, 0.4262, 0.25596, -0.061496, -3.4364],
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
  weights: [0.26187, 0.34262, 0.25746, -0.081972, -0.58452, -0.68121, -0.56465, -2.205, -1.4295],
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
  weights: [-7.4415, -6.1219, 0.59378, 0.33424, 0.087673, 0.15496, 0.34503],
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
    -0.098331, -0.12233, -0.10673, -0.18455, 0.0068321, 0.37181, 0.10052, 0.086918, 0.069154, -4.0498,
    -6.1065, -7.5712, 4.4464,
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
    -0.028681, -0.033238, -0.11589, 0.13374, 0.008843, -0.34104, -0.10767, -0.000046442, -0.010335, -11.635,
    -0.36546, -6.2076, 6.9539,
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
  weights: [-9.7063, -9.1997, 1.1557, 0.17608, 0.357, 0.013286, 0.14389],
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
    -0.024324, -0.050695, -0.30597, -0.45895, -0.23711, 0.13603, 0.018833, -0.057322, -0.13613, -6.5896,
    -4.0038, -5.1137, 4.6489,
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
    -0.037189, 0.088967, 0.12161, 0.22268, 0.068478, -0.3469, -0.36706, -0.30716, -0.24919, 5.3904, -3.4726,
    -6.1651, 4.1313,
  ],
};

export const pPresenceWeights: PresenceWeights = [
  7.268, 0.14867, -0.97594, -0.81958, 0.49348, 0.51223, -2.7153,
];
