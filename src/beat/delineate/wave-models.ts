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
  weights: [-7.8398, -6.8689, 0.6631, 0.49079, 0.52115, 0.058165],
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
    -0.17467, -0.20878, -0.18732, -0.19114, 0.021026, 0.62282, 0.29785, 0.1016, 0.15215, -8.6811, -7.7724,
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
    0.082311, -0.075652, 0.02647, 0.41158, 0.1267, -0.29651, -0.25247, -0.085907, 0.21339, 8.4515, -8.4285,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  weights: [-9.7443, -9.1614, 1.1942, 0.19702, 0.41616, 0.063324],
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
    0.072552, -0.15339, -0.32457, -0.4145, -0.14061, 0.34103, 0.26115, 0.15049, -0.065595, -6.8201, -3.4368,
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
    -0.15728, 0.026496, 0.31163, 0.37613, 0.10128, -0.38546, -0.36091, -0.31336, -0.26797, 6.7206, -4.725,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.5177, -0.182, 0.25617, -1.4847, -1.6697];
