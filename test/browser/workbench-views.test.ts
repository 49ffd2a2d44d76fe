/**
 * Each view of the workbench fits three screen widths in light and dark, is accessible, and has the same landmarks,
 * headings and plots in all of them.
 */
import { describe, expect, test } from 'vitest';
import { describeWorkbench } from './workbench-page.ts';
import { type Screen, views, type Walk, walkThrough } from './workbench-views.ts';

const screens: readonly Screen[] = (['light', 'dark'] as const).flatMap(colorScheme => [
  { width: 360, height: 740, colorScheme },
  { width: 1280, height: 800, colorScheme },
  { width: 2560, height: 1300, colorScheme },
]);

describeWorkbench('every view of the workbench', workbench => {
  const walks = new Map<Screen, Promise<Walk>>();
  /** What is seen on a screen, which two tests look at. */
  const walkOn = (screen: Screen): Promise<Walk> => {
    const walk = walks.get(screen) ?? walkThrough(workbench, screen);
    walks.set(screen, walk);
    return walk;
  };
  const named = screens.map(screen => ({ ...screen, screen }));

  describe('layout and accessibility', () => {
    test.each(named)(
      'every view fits $width px in $colorScheme and has no serious fault',
      async ({ screen }) => {
        const { seen, complaints, strangers } = await walkOn(screen);
        expect(seen.map(({ name }) => name)).toEqual(views.map(({ name }) => name));
        for (const { name, fits, trace, clippedLists, faults } of seen) {
          expect(fits, name).toBe(true);
          expect(trace.width, name).toBeGreaterThan(300);
          expect(trace.height, name).toBeGreaterThan(200);
          expect(clippedLists, name).toEqual([]);
          expect(faults, name).toEqual([]);
        }
        expect(complaints).toEqual([]);
        expect(strangers).toEqual([]);
      },
    );
  });

  describe('the structure', () => {
    test.each(named)('is the same at $width px in $colorScheme', async ({ screen }) => {
      const { seen, complaints } = await walkOn(screen);
      for (const [k, { name, structure }] of views.entries()) {
        expect(seen[k]!.structure, name).toEqual(structure);
      }
      expect(complaints).toEqual([]);
    });
  });
});
