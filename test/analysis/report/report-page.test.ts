import { describe, expect, test } from 'vitest';
import { reportData } from '../../../src/analysis/report/report-data.ts';
import { escapeJson, renderPage } from '../../../src/analysis/report/report-page.ts';

const bundle = { script: 'run()', style: 'p{}', scriptSha256: 'AAAA', styleSha256: 'BBBB' };
const hostile = '</script><!--<script>alert(1)</script><img src=x onerror="alert(1)">&amp;\u2028';

describe('the document', () => {
  test('no text of a record can close an element or open one', () => {
    const page = renderPage(reportData({ record: hostile, provenance: hostile }), bundle);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<!--');
  });

  test('the data come back from the page as they were', () => {
    const data = reportData({ record: hostile, beats: [{ time: 1, symbol: '<' }] });
    const page = renderPage(data, bundle);
    const json = /id="report-data">([^<]*)<\/script>/.exec(page)![1]!;
    expect(JSON.parse(json)).toEqual(data);
  });

  test('the policy admits the one script and the one style by digest, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(
      renderPage(reportData({ record: 'x' }), bundle),
    )![1]!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'sha256-AAAA'",
      "style-src 'sha256-BBBB'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('a bundle that would end its own element is refused', () => {
    for (const script of ['"</script>"', '"<!--"']) {
      expect(() => renderPage(reportData({ record: 'x' }), { ...bundle, script })).toThrow(RangeError);
    }
  });

  test('escapeJson changes the text, not the meaning', () => {
    expect(escapeJson('<a>')).toBe('"\\u003ca>"');
    expect(JSON.parse(escapeJson({ a: hostile }))).toEqual({ a: hostile });
  });
});
