import { beatsTexts } from './translations/beats-texts.ts';
import { errorTexts } from './translations/error-texts.ts';
import { explanationTexts } from './translations/explanation-texts.ts';
import { featureTexts } from './translations/feature-texts.ts';
import { marksTexts } from './translations/marks-texts.ts';
import { pageTexts } from './translations/page-texts.ts';
import { reportTexts } from './translations/report-texts.ts';
import { traceTexts } from './translations/trace-texts.ts';
import { trainingTexts } from './translations/training-texts.ts';

/** The texts of the workbench and the report, each in English and Japanese; `{name}` stands for a value that `word` fills in. */
export const translationTable = {
  ...pageTexts,
  ...traceTexts,
  ...beatsTexts,
  ...errorTexts,
  ...marksTexts,
  ...explanationTexts,
  ...featureTexts,
  ...trainingTexts,
  ...reportTexts,
} as const;
