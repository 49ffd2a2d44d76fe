/** The script of the report page: shows the data embedded in the page. */
import './style.css';
import { parsePageData } from '../analysis/report/report-page.ts';
import { watchTheme } from './palette.ts';
import { showReport } from './report.ts';

watchTheme();
showReport(
  document.getElementById('report')!,
  parsePageData(document.getElementById('report-data')!.textContent!),
);
