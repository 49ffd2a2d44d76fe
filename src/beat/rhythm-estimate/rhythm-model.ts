/**
 * Logistic regression of atrial fibrillation or flutter on the rhythm features, fitted by `scripts/fit-rhythm.ts` on
 * the available records of the 2017 PhysioNet/CinC Challenge (144 with a readable rhythm, 17 of them AF; every record
 * has the same weight, AF three times that). None of its patients is in the MIT-BIH databases.
 */
export const rhythmModel = {
  mean: [-3.3052789, -3.4066485, 0.62634898, 0.44235932, 0.12074655],
  scale: [0.77975672, 0.70243515, 0.29240014, 0.2653542, 0.19800232],
  weights: [-0.9339886, 2.0276704, -2.5120803, -2.2216254, 1.3872771],
  bias: -6.1680576,
} as const;
