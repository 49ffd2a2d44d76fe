/** The public names, frozen: adding one is a decision, and losing one breaks somebody. */
import { expect, test } from 'vitest';

const names = async (entry: string): Promise<string> =>
  Object.keys(await import(`../src/${entry}.ts`))
    .sort()
    .join(' ');

test('upstroke', async () => {
  expect(await names('index')).toMatchInlineSnapshot(
    `"InputError WfdbError classifyBeats delineate detectQrs detectQrsMultiLead differentiator evaluateClassifier explainBeat formatModel grad heartRateVariability linear max measureQuality measureSlopes parseModel readAnnotations readBeatDataset readLeadBeats readRecord rrIntervals sum tensor train valueAndGrad"`,
  );
});
test('upstroke/wfdb', async () => {
  expect(await names('wfdb')).toMatchInlineSnapshot(
    `"InputError WfdbError annotationsToEdf blobSource containers csvChunks decodeAnnotations detectContainer detectionBytes edfToAnnotations encodeAnnotations formatAnnotationsCsv formatCsv httpSource isBeat isTable memorySink memorySource parseAnnotationsCsv parseCsv parseHeader parseRdann readAnnotationFile readAnnotations readContainer readCsv readEdf readEdfAnnotationFile readEdfAnnotations readEdfHeader readHeader readRecord recordChunks unknownContainer writeAnnotations writeEdf writeRecord writeSegments"`,
  );
});
test('upstroke/diff', async () => {
  expect(await names('diff')).toMatchInlineSnapshot(
    `"abs add adjointCheck argmax averagePool broadcastTo checkOperation clip compile concat conv1d cos createProgram createRandom cumulativeSum defineOperation describeScheme differentiator div dropout dropoutMask equal erf exp fftDerivative finiteDifference focalLoss fornbergWeights full gather grad gradientCheck greater greaterEqual hessianVectorProduct item jacobian jvp layerNorm less lessEqual linear log log1p logSoftmax logSumExp matmul max maxPool maximum mean min minimum mul neg pad panTompkinsDerivative parseScheme pow relu reshape savitzkyGolay savitzkyGolayWeights scatterAdd sigmoid sigmoidCrossEntropy sigmoidFocalLoss sign sin slice softArgmax softMaximum softmax softmaxCrossEntropy softplus sqrt squaredPenalty stack stencilOperator step stopGradient sub sum sumTo tanh tensor transpose twoPointDifference valueAndGrad variance vjp weightedMean where"`,
  );
});
test('upstroke/signal', async () => {
  expect(await names('signal')).toMatchInlineSnapshot(
    `"baselineWander butterworth causal lombScargle mainsNotch notch powerSpectrum resampler zeroPhase zeroPhaseBand"`,
  );
});
test('upstroke/beat', async () => {
  expect(await names('beat')).toMatchInlineSnapshot(
    `"beatClass beatClasses beatFeatureNames beatFeatures classStatistics compareBeats correctIntervals correctQt createDetector delineate delineateLeads delineateWithAtrialEvents describeBeat detectQrs detectQrsMultiLead detectionStatistics estimateNoise findPacingSpikes findSpansWithoutQrs heartRateVariability intervalErrorsMs measureIntervalUncertainty measureIntervals measureQrsIndices measureQuality measureRespiration measureSlopes measureUncertainty medianBeat nnLimits pairLabels qrsBounds qtFormulas relativeChange relativeToRecord removePacingSpikes rrIntervals sampleEntropy scalingExponent slidingVariability slopeRows slopesCsv sumCounts summarizeLeads summarizeSlopes timeErrorsMs windowOf withStressNoise"`,
  );
});
test('upstroke/learn', async () => {
  expect(await names('learn')).toMatchInlineSnapshot(
    `"ModelError aamiClass aamiClasses accuracy classMetrics classProbabilities cohensKappa confusionMatrix createConvolutionalNetwork createConvolutions createCustomNetwork createNetwork createStencilBank describeCurvature diagnose ds1 ds2 evaluateClassifier explain formatCheckpoint formatModel formatOnnx groupBalancedWeights groupFolds inspectNetwork inverseFrequencyWeights isSamePatient largestCurvature learningRateRange logRates logits minimize optimizerNames optimizerStep parametersOf parseCheckpoint parseModel patientOf predict predictedClasses rateChart recordName recordNames recordSet recordText scheduleFactor startOptimizer startRegression startStreamedTraining startTraining streamedStandardization sweepLearningRates train trainRegression trainStreamed withParameters withoutTestPatients"`,
  );
});
test('upstroke/synth', async () => {
  expect(await names('synth')).toMatchInlineSnapshot(
    `"gaussianSum integrateDynamicalModel levelsForSnr recordPatient standardLead synthesize syntheticPatient truthCsv twelveLeads withNoise writeSyntheticRecord"`,
  );
});
test('upstroke/analysis', async () => {
  expect(await names('analysis')).toMatchInlineSnapshot(
    `"beatReasons beatRecipe classifyBeats explainBeat explainRisk fitRisk openRecording parseClinicalTable rPeakGradient readBeatDataset readLeadBeats readSlopeDataset resampleAnnotations resampleRecording riskOf riskTask slopeFeatures typicalBeatGradient validateRisk"`,
  );
});
test('upstroke/report', async () => {
  expect(await names('report')).toMatchInlineSnapshot(`"beatToExplain recordReport renderPage reportData"`);
});
test('upstroke/node', async () => {
  expect(await names('node')).toMatchInlineSnapshot(
    `"GradientWorkerError fileSource folderSink npyBatches readModel readReportBundle samplesFolder searchPathSource startGradientWorkers trainInterruptibly wfdbPath writeModel"`,
  );
});
