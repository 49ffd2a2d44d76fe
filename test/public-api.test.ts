/** The public names, frozen: adding one is a decision, and losing one breaks somebody. */
import { expect, test } from 'vitest';
import * as upstroke from '../src/index.ts';
import * as node from '../src/node/files.ts';

test('upstroke', () => {
  expect(Object.keys(upstroke).sort().join(' ')).toMatchInlineSnapshot(
    `"ModelError WfdbError aamiClass aamiClasses abs accuracy add adjointCheck beatFeatureNames beatFeatures beatRecipe blobSource broadcastTo classMetrics classProbabilities cohensKappa compareBeats compile concat confusionMatrix createDetector createRandom decodeAnnotations describeBeat describeScheme detectQrs detectQrsMultiLead diagnose differentiator div ds1 ds2 edfToAnnotations encodeAnnotations evaluateClassifier exp explain fftDerivative finiteDifference formatAnnotationsCsv formatCsv formatModel fornbergWeights full gather gaussianSum grad gradientCheck groupFolds hessianVectorProduct httpSource integrateDynamicalModel inverseFrequencyWeights isBeat item jacobian jvp levelsForSnr linear log logSoftmax logSumExp matmul max mean measureSlopes memorySink memorySource min mul neg optimizerNames optimizerStep panTompkinsDerivative parseAnnotationsCsv parseCsv parseHeader parseModel parseRdann parseScheme pow predictedClasses qrsBounds readAnnotations readEdf readEdfAnnotations readEdfHeader readHeader readRecord recordPatient relu reshape savitzkyGolay savitzkyGolayWeights scatterAdd sigmoid sign slice slopeRows slopesCsv softmax softplus sqrt standardLead startOptimizer stencilOperator step stopGradient sub sum sumTo summarizeSlopes synthesize syntheticPatient tanh tensor train transpose truthCsv twelveLeads twoPointDifference valueAndGrad vjp where windowOf withNoise withoutTestPatients writeAnnotations writeRecord writeSyntheticRecord"`,
  );
});
test('upstroke/node', () => {
  expect(Object.keys(node).sort().join(' ')).toMatchInlineSnapshot(`"fileSource folderSink wfdbPath"`);
});
