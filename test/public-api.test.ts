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
    `"InputError WfdbError blobSource decodeAnnotations edfToAnnotations encodeAnnotations formatAnnotationsCsv formatCsv httpSource isBeat memorySink memorySource parseAnnotationsCsv parseCsv parseHeader parseRdann readAnnotationFile readAnnotations readCsv readEdf readEdfAnnotations readEdfHeader readHeader readRecord recordChunks writeAnnotations writeRecord"`,
  );
});
test('upstroke/diff', async () => {
  expect(await names('diff')).toMatchInlineSnapshot(
    `"abs add adjointCheck averagePool broadcastTo clip compile concat conv1d createProgram createRandom cumulativeSum describeScheme differentiator div dropout dropoutMask exp fftDerivative finiteDifference focalLoss fornbergWeights full gather grad gradientCheck hessianVectorProduct item jacobian jvp layerNorm linear log logSoftmax logSumExp matmul max maxPool mean min mul neg panTompkinsDerivative parseScheme pow relu reshape savitzkyGolay savitzkyGolayWeights scatterAdd sigmoid sigmoidCrossEntropy sigmoidFocalLoss sign slice softArgmax softMaximum softmax softmaxCrossEntropy softplus sqrt squaredPenalty stencilOperator step stopGradient sub sum sumTo tanh tensor transpose twoPointDifference valueAndGrad vjp weightedMean where"`,
  );
});
test('upstroke/signal', async () => {
  expect(await names('signal')).toMatchInlineSnapshot(
    `"baselineWander butterworth causal lombScargle mainsNotch notch powerSpectrum resampler zeroPhase zeroPhaseBand"`,
  );
});
test('upstroke/beat', async () => {
  expect(await names('beat')).toMatchInlineSnapshot(
    `"beatClass beatClasses beatFeatureNames beatFeatures classStatistics compareBeats createDetector delineate delineateLeads describeBeat detectQrs detectQrsMultiLead detectionStatistics heartRateVariability intervalErrorsMs measureQrsIndices measureQuality measureSlopes medianBeat pairLabels qrsBounds relativeToRecord rrIntervals slopeRows slopesCsv sumCounts summarizeLeads summarizeSlopes timeErrorsMs windowOf withStressNoise"`,
  );
});
test('upstroke/learn', async () => {
  expect(await names('learn')).toMatchInlineSnapshot(
    `"ModelError aamiClass aamiClasses accuracy classMetrics classProbabilities cohensKappa confusionMatrix createConvolutions createFrontedNetwork createNetwork createStencilBank describeCurvature diagnose ds1 ds2 evaluateClassifier explain formatCheckpoint formatModel formatOnnx groupBalancedWeights groupFolds inspectNetwork inverseFrequencyWeights isSamePatient largestCurvature learningRateRange minimize optimizerNames optimizerStep parseCheckpoint parseModel patientOf predictedClasses recordName recordNames recordSet recordText scheduleFactor startOptimizer startStreamedTraining startTraining streamedStandardization train trainStreamed withoutTestPatients"`,
  );
});
test('upstroke/synth', async () => {
  expect(await names('synth')).toMatchInlineSnapshot(
    `"gaussianSum integrateDynamicalModel levelsForSnr recordPatient standardLead synthesize syntheticPatient truthCsv twelveLeads withNoise writeSyntheticRecord"`,
  );
});
test('upstroke/analysis', async () => {
  expect(await names('analysis')).toMatchInlineSnapshot(
    `"beatRecipe classifyBeats explainBeat readBeatDataset readLeadBeats"`,
  );
});
test('upstroke/report', async () => {
  expect(await names('report')).toMatchInlineSnapshot(`"recordReport renderPage reportData tellingBeat"`);
});
test('upstroke/node', async () => {
  expect(await names('node')).toMatchInlineSnapshot(
    `"fileSource folderSink npyBatches readModel readReportBundle searchPathSource trainInterruptibly wfdbPath writeModel"`,
  );
});
