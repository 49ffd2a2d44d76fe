import { expect, test } from 'vitest';
import { createSvgContext } from '../../src/figure/svg-context.ts';

test('text is escaped and clip groups are closed', () => {
  const { pen, document } = createSvgContext(100, 50);
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, 10, 10);
  pen.clip();
  pen.font = '600 11px x"y';
  pen.fillText('<script>&"', 1, 2);
  pen.restore();
  pen.fillStyle = 'red';
  pen.fillRect(0, 0, 1, 1);
  const svg = document();
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('&#60;script&#62;&#38;&#34;');
  expect(svg.match(/<g /g)!.length).toBe(svg.match(/<\/g>/g)!.length);
  expect(svg).toContain('fill="red"');
});
