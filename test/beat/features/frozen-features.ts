/** Values of every feature, version by version, as they were when the version was made. */
export const frozen: Readonly<
  Record<
    number,
    {
      readonly fingerprint: string;
      /** By the beat's number in the fixed lead. */
      readonly values: Readonly<Record<number, Readonly<Record<string, number>>>>;
    }
  >
> = {
  1: {
    fingerprint: 'db5beef300544da2',
    values: {
      '4': {
        upstroke: 0.0005939757186,
        downstroke: -0.0005800998835,
        upstrokePerAmplitude: 0.00145556626,
        downstrokePerAmplitude: 0.0002814906578,
        slopeRmsPerAmplitude: 0.0008396707161,
        slopeWidth: 0.0007152527229,
        earlySlopeShare: -0.0007518635442,
        lateSlopeShare: 0.0007232412929,
        area: -0.009159545049,
        logArea: -2.317325269,
        slopeCorrelation: 0.9999183864,
        slopeResidual: -3.447528961,
        slopeGain: 0.9999762208,
        pWaveCorrelation: 0.9886679998,
        pWaveRise: 0.1433714932,
        pWaveFall: 0.1442879756,
        pWaveHeight: 0,
        stLevel: 0.006332548824,
        tWaveFall: -0.003329735273,
        rrBeforeToRecordMean: 0.05495888428,
        rrBeforeToRecordLong: 0,
        rrBeforeToLocalMean: 0.05495888428,
        rrAfterToBefore: -0.06062462182,
        rrIrregularity: -2.470547977,
      },
      '7': {
        upstroke: -0.8796864254,
        downstroke: -0.9807260404,
        upstrokePerAmplitude: -1.029496621,
        downstrokePerAmplitude: -1.130536236,
        slopeRmsPerAmplitude: -0.5217778405,
        slopeWidth: 1.108896283,
        earlySlopeShare: 0.5523488798,
        lateSlopeShare: 1.113272449,
        area: 1.214334663,
        logArea: -1.093831061,
        slopeCorrelation: 0.3412828346,
        slopeResidual: 0.03087298243,
        slopeGain: 0.2343537025,
        pWaveCorrelation: -0.2977374632,
        pWaveRise: 0.3294743267,
        pWaveFall: 0.1585822669,
        pWaveHeight: -0.1441657366,
        stLevel: -0.04499999182,
        tWaveFall: 0.01486266426,
        rrBeforeToRecordMean: -0.4375176008,
        rrBeforeToRecordLong: -0.4924764851,
        rrBeforeToLocalMean: -0.4741878626,
        rrAfterToBefore: 0.7324707268,
        rrIrregularity: -2.470547977,
      },
    },
  },
};
