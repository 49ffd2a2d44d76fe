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
  weights: [-0.44417, -0.55693, -0.5205, -0.31574, 0.067734, 0.42318, 0.25469, -0.072291, -3.497],
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
  weights: [0.26253, 0.34256, 0.25781, -0.081682, -0.58487, -0.68021, -0.56184, -2.1997, -1.4291],
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
  weights: [-7.4447, -6.1436, 0.59172, 0.33451, 0.091198, 0.16043, 0.34437],
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
    -0.090983, -0.11964, -0.11477, -0.17976, 0.0065717, 0.38024, 0.10043, 0.086268, 0.061913, -4.3307,
    -6.2489, -7.6043, 4.41,
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
    -0.0020008, -0.014092, -0.093684, 0.14896, 0.023346, -0.32676, -0.089229, 0.0019839, 0.0046943, -12.614,
    0.24748, -6.3442, 7.1579,
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
  leastProminence: 0.15,
  weights: [-9.6332, -9.1251, 1.2548, 0.17081, 0.34322, -0.010613, 0.21242],
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
    -0.020812, -0.052019, -0.30704, -0.4623, -0.23688, 0.13137, 0.019806, -0.058528, -0.14709, -6.3059,
    -3.971, -5.1188, 4.8252,
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
    -0.035691, 0.082542, 0.13469, 0.2257, 0.071279, -0.34733, -0.36592, -0.30449, -0.24145, 5.4013, -3.3833,
    -6.2778, 4.1121,
  ],
};

export const pPresenceWeights: PresenceWeights = [
  7.214, 0.14793, -0.87422, -1.3863, 0.50032, 0.43149, -2.6244,
];
