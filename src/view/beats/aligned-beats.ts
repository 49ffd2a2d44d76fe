/** Superimposed beats of a class, aligned on their R peaks: median and interquartile range of voltage and dV/dt. */

import { element } from '../element.ts';
import { errorText } from '../error-text.ts';
import { colour } from '../palette.ts';
import { createPlot, type Plot, type Surface } from '../plot.ts';
import { word } from '../translations.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { AlignedBeats } from '../worker/aligned-beats.ts';

const height = 150;
/** Largest number of beats that are superimposed, evenly spaced over the record. */
const mostBeats = 400;

export interface AlignedView {
  show(beats: readonly number[]): void;
  destroy(): void;
}

export function showAligned(host: HTMLElement, workbench: Workbench): AlignedView {
  const { recording, workers, settings, status } = workbench;
  const voltageHost = element('div', { class: 'plot' });
  const slopeHost = element('div', { class: 'plot' });
  const count = element('p', { class: 'setting' });
  host.append(
    count,
    ...[element('h3', {}, 'V, mV'), voltageHost],
    ...[element('h3', {}, `${word('slope')}, mV/s`), slopeHost],
  );
  let plots: Plot[] = [];
  let asked = 0;

  const draw = ({ voltage, slope, before, samplingFrequency }: AlignedBeats): void => {
    for (const plot of plots) plot.destroy();
    plots = (
      [
        [voltageHost, voltage, 'trace', 'mV'],
        [slopeHost, slope, 'derivative', 'mV/s'],
      ] as const
    ).map(([plotHost, bands, line, unit]) => {
      const times = Array.from(bands.median, (_, k) => (1000 * (k - before)) / samplingFrequency);
      const finite = (values: Float64Array): (number | null)[] =>
        Array.from(values, value => (Number.isFinite(value) ? value : null));
      return createPlot({
        host: plotHost,
        description: `${word('aligned')}: ${word('medianBand')}, ${unit}`,
        height,
        lines: [
          { colour: line, width: 2 },
          { colour: 'muted', width: 0 },
          { colour: 'muted', width: 0 },
        ],
        columns: [times, finite(bands.median), finite(bands.lower), finite(bands.upper)],
        xRange: [times[0]!, times.at(-1)!],
        xLabel: word('fromR'),
        drawBelow: surface => paintBand(surface, times, bands.lower, bands.upper),
      });
    });
  };
  return {
    show(beats) {
      const mine = ++asked;
      const every = Math.max(1, Math.ceil(beats.length / mostBeats));
      const some = Int32Array.from(
        beats.filter((_, k) => k % every === 0),
        beat => recording.rPeaks[beat]!,
      );
      count.textContent = word('medianBandOf', { shown: some.length, count: beats.length });
      if (some.length === 0) return;
      workers.analysis.call
        .alignBeats(
          Math.min(settings.value.lead, recording.summary.leads.length - 1),
          some,
          settings.value.scheme,
        )
        .then(
          aligned => {
            if (mine === asked && host.isConnected) draw(aligned);
          },
          (error: Error) => status.complain(errorText(error)),
        );
    },
    destroy() {
      asked++;
      for (const plot of plots) plot.destroy();
    },
  };
}

function paintBand(
  surface: Surface,
  times: readonly number[],
  lower: Float64Array,
  upper: Float64Array,
): void {
  const { context } = surface;
  context.fillStyle = colour('tangent');
  context.globalAlpha = 0.25;
  context.beginPath();
  times.forEach((time, k) => {
    context.lineTo(surface.x(time), surface.y(upper[k]!));
  });
  for (let k = times.length - 1; k >= 0; k--) context.lineTo(surface.x(times[k]!), surface.y(lower[k]!));
  context.fill();
  context.globalAlpha = 1;
}
