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
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: -152,
  last: -4,
  weights: [-0.64013, -0.6575, -0.54419, -0.38991, 0.032782, 0.34981, 0.29731, 0.59523, -3.8094],
};

export const qrsOffsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: 4,
  last: 220,
  weights: [0.25574, 0.29214, 0.20477, -0.13999, -0.78965, -0.92902, -0.77467, -3.2112, -1.4598],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -240,
  last: -20,
  reaches: [24, 48, 80],
  weights: [-9.981, -4.1963, 0.43201, 0.86475, 0.62607],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  first: -100,
  last: -12,
  weights: [
    -0.16165, -0.19709, -0.18073, -0.18948, 0.024971, 0.6238, 0.29799, 0.093719, 0.14629, -8.818, -7.8695,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  first: 12,
  last: 100,
  weights: [
    0.072462, -0.092034, 0.010573, 0.39651, 0.1143, -0.31177, -0.27349, -0.10694, 0.18743, 9.0084, -8.8296,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 100,
  last: 600,
  reaches: [60, 120, 200],
  weights: [5.2254, -0.97681, 1.2412, 0.28511, 0.51458],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  first: -220,
  last: -20,
  weights: [
    0.072855, -0.15243, -0.32746, -0.41557, -0.14024, 0.34179, 0.26203, 0.15223, -0.063578, -6.8721, -3.4675,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  first: 20,
  last: 200,
  weights: [
    -0.16024, 0.026836, 0.31171, 0.37691, 0.10408, -0.38461, -0.36044, -0.31749, -0.27592, 6.7388, -4.7148,
  ],
};

export const pPresenceWeights: PresenceWeights = [6.518, 0.57821, -3.2067];
