/** The report page's own script: reads the data that the page holds. */
import './style.css';
import type { ReportData } from '../analysis/report/report-data.ts';
import { watchTheme } from './palette.ts';
import { showReport } from './report.ts';

watchTheme();
showReport(
  document.getElementById('report')!,
  JSON.parse(document.getElementById('report-data')!.textContent!) as ReportData,
);
