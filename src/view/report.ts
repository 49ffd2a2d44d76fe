/** The report page: every section for which there is data. */
import type { ReportBeat, ReportData } from '../analysis/report/report-data.ts';
import { showBeatList } from './beat-list.ts';
import { showConfusion } from './confusion.ts';
import { element } from './element.ts';
import { showExplanation } from './explanation.ts';
import { showHeader } from './header.ts';
import { showIndexTable } from './index-table.ts';
import { leadSeconds } from './lead-series.ts';
import { showLoss } from './loss.ts';
import { classMarks, countsByClass } from './palette.ts';
import { createSelection } from './selection.ts';
import { showSlopes } from './slopes.ts';
import { labelledSpans } from './span-strip.ts';
import { centredOn, createTimeline } from './timeline.ts';
import { showVoltage } from './voltage.ts';

/** Duration of the initial window, s. */
const FIRST_VIEW = 8;
/** Two R peaks nearer than this are one; s. */
const SAME_BEAT = 0.05;

/** Fills `page` with the report; `onBeat` is called with the selected beat. */
export function showReport(
  page: HTMLElement,
  data: ReportData,
  onBeat: (beat: ReportBeat) => void = () => {},
): void {
  const { lead, beats, training, confusion, explanation } = data;
  page.replaceChildren();
  const marks = classMarks([...countsByClass(beats).map(([name]) => name), ...(explanation?.classes ?? [])]);
  const selection = createSelection();
  selection.follow(onBeat);
  const spans = labelledSpans(data.spans ?? []);
  const seconds = lead && leadSeconds(lead);
  const timeline =
    lead &&
    createTimeline(
      { startSeconds: lead.startSeconds, endSeconds: lead.startSeconds + leadSeconds(lead) },
      FIRST_VIEW,
    );

  showHeader(page, data, marks, seconds);
  if (lead && timeline) {
    showVoltage(page, { lead, beats, marks, spans }, timeline, selection);
  }
  if (beats.some(beat => beat.upstroke)) {
    showSlopes(page, { beats, units: lead?.units ?? 'mV', marks, spans }, timeline, selection);
  }
  if (beats.length > 0) showBeatList(page, beats, lead?.units ?? 'mV', selection);
  if (data.indices && data.indices.leads.length > 0) showIndexTable(page, data.indices);
  if (training || confusion) {
    const pair = element('div', { class: 'pair' });
    page.append(pair);
    if (training) showLoss(pair, training);
    if (confusion) showConfusion(pair, confusion);
  }
  if (explanation) {
    const goToBeat = (): void => {
      const beat = beats.find(({ time }) => Math.abs(time - explanation.beatTime) < SAME_BEAT);
      if (beat) selection.pick(beat);
      else timeline!.show(centredOn(timeline!.span, explanation.beatTime));
      document.getElementById('voltage')!.scrollIntoView({ block: 'start' });
    };
    showExplanation(page, explanation, marks, timeline && goToBeat);
  }
}
