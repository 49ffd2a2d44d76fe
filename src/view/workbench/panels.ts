/** The panel beside the trace in each view. */
import { showMarksPanel } from '../annotate/marks-panel.ts';
import { showBeatsPanel } from '../beats/beats-panel.ts';
import { showExplanationPanel } from '../explain/explanation-panel.ts';
import { showLearnPanel } from '../learn/learn-panel.ts';
import type { ViewName } from './settings.ts';
import type { Panel, Workbench } from './workbench.ts';

const panels: Readonly<
  Record<Exclude<ViewName, 'trace'>, (host: HTMLElement, workbench: Workbench) => Panel>
> = { beats: showBeatsPanel, marks: showMarksPanel, why: showExplanationPanel, learn: showLearnPanel };

/** Fills `host` with the panel of a view; undefined for a view without a panel. */
export const panelOf = (view: ViewName, host: HTMLElement, workbench: Workbench): Panel | undefined =>
  view === 'trace' ? undefined : panels[view](host, workbench);
