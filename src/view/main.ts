/** The script of the report's page and of the risk's: shows the data that the page holds. */
import './style.css';
import type { ReportData } from '../analysis/report/report-data.ts';
import type { RiskReport } from '../analysis/risk/risk-report.ts';
import { watchTheme } from './palette.ts';
import { showReport } from './report.ts';
import { showRisk } from './risk/show-risk.ts';

watchTheme();
const page = document.getElementById('report')!;
const dataOf = (id: string): string | null | undefined => document.getElementById(id)?.textContent;
const risk = dataOf('risk-data');
if (risk) showRisk(page, JSON.parse(risk) as RiskReport);
else showReport(page, JSON.parse(dataOf('report-data')!) as ReportData);
