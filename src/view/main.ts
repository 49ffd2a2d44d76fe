/** The script of the report pages: shows the data embedded in the page, of a recording or of a risk model. */
import './style.css';
import { parsePageData } from '../analysis/report/report-page.ts';
import type { RiskReport } from '../analysis/risk/risk-report.ts';
import { watchTheme } from './palette.ts';
import { showReport } from './report.ts';
import { chooseReportLanguage } from './report-language.ts';
import { showRisk } from './risk/show-risk.ts';

watchTheme();
const page = document.getElementById('report')!;
const dataOf = (id: string): string | null | undefined => document.getElementById(id)?.textContent;
const risk = dataOf('risk-data');
if (risk) showRisk(page, JSON.parse(risk) as RiskReport);
else {
  chooseReportLanguage();
  showReport(page, parsePageData(dataOf('report-data')!));
}
