/** The public names, frozen: adding one is a decision, and losing one breaks somebody. */
import { expect, test } from 'vitest';
import * as upstroke from '../src/index.ts';
import * as node from '../src/node.ts';

test('upstroke', () => {
  expect(Object.keys(upstroke).sort().join(' ')).toMatchInlineSnapshot(
    `"ModelError WfdbError aamiClass aamiClasses abs accuracy add adjointCheck averagePool baselineWander beatClass beatClasses beatFeatureNames beatFeatures beatRecipe blobSource broadcastTo butterworth causal classMetrics classProbabilities classStatistics clip cohensKappa compareBeats compile concat confusionMatrix conv1d createConvolutions createDetector createFrontedNetwork createNetwork createProgram createRandom createStencilBank cumulativeSum decodeAnnotations delineate delineateLeads describeBeat describeCurvature describeScheme detectQrs detectQrsMultiLead detectionStatistics diagnose differentiator div dropout dropoutMask ds1 ds2 edfToAnnotations encodeAnnotations evaluateClassifier exp explain fftDerivative finiteDifference focalLoss formatAnnotationsCsv formatCheckpoint formatCsv formatModel formatOnnx fornbergWeights full gather gaussianSum grad gradientCheck groupBalancedWeights groupFolds heartRateVariability hessianVectorProduct httpSource inspectNetwork integrateDynamicalModel intervalErrorsMs inverseFrequencyWeights isBeat item jacobian jvp largestCurvature layerNorm learningRateRange levelsForSnr linear log logSoftmax logSumExp lombScargle mainsNotch matmul max maxPool mean measureQrsIndices measureQuality measureSlopes medianBeat memorySink memorySource min minimize mul neg notch optimizerNames optimizerStep panTompkinsDerivative parseAnnotationsCsv parseCheckpoint parseCsv parseHeader parseModel parseRdann parseScheme pow powerSpectrum predictedClasses qrsBounds readAnnotationFile readAnnotations readCsv readEdf readEdfAnnotations readEdfHeader readHeader readRecord recordChunks recordPatient relu renderPage reportData resampler reshape rrIntervals savitzkyGolay savitzkyGolayWeights scatterAdd scheduleFactor sigmoid sigmoidCrossEntropy sigmoidFocalLoss sign slice slopeRows slopesCsv softArgmax softMaximum softmax softmaxCrossEntropy softplus sqrt squaredPenalty standardLead startOptimizer startStreamedTraining startTraining stencilOperator step stopGradient streamedStandardization sub sum sumCounts sumTo summarizeSlopes synthesize syntheticPatient tanh tensor timeErrorsMs train trainStreamed transpose truthCsv twelveLeads twoPointDifference valueAndGrad vjp weightedMean where windowOf withNoise withStressNoise withoutTestPatients writeAnnotations writeRecord writeSyntheticRecord zeroPhase zeroPhaseBand"`,
  );
});
test('upstroke/node', () => {
  expect(Object.keys(node).sort().join(' ')).toMatchInlineSnapshot(
    `"classifyBeats explainBeat fileSource folderSink npyBatches readBeatDataset readLeadBeats readModel recordReport searchPathSource trainInterruptibly wfdbPath writeModel"`,
  );
});
