/** The report as one HTML document: data, script and style inside, nothing fetched. */
import { InputError } from '../../input-error.ts';
import type { ReportData } from './report-data.ts';

/** The page's own code. The digests let its security policy name the one script and the one style that may run. */
export interface ReportBundle {
  readonly script: string;
  readonly style: string;
  /** Base64 SHA-256 of the UTF-8 bytes of `script`. */
  readonly scriptSha256: string;
  /** Base64 SHA-256 of the UTF-8 bytes of `style`. */
  readonly styleSha256: string;
}

/**
 * The report as a self-contained HTML document. Record names and the like are untrusted: they enter the document
 * only as JSON with every `<` escaped and leave it only through `textContent`; the content security policy admits
 * this script and this style by digest and no request at all. Throws `RangeError` for a bundle that would end its
 * own element.
 *
 * @example
 * renderPage(recordReport(beats, { model }), await readReportBundle()).slice(0, 15) // => '<!doctype html>'
 */
export const renderPage = (data: ReportData, bundle: ReportBundle): string =>
  pageOf({ title: `${data.record} · ECG slopes`, dataId: 'report-data', data }, bundle);

/** What a page shows: its title, and its data under the name by which the page's script finds them. */
export interface PageContent {
  readonly title: string;
  readonly dataId: 'report-data' | 'risk-data';
  readonly data: unknown;
}

/** A page of the bundle over some data, as `renderPage` says. */
export function pageOf({ title, dataId, data }: PageContent, bundle: ReportBundle): string {
  if (/<\/script|<!--/i.test(bundle.script) || /<\/style/i.test(bundle.style)) {
    throw new InputError('the bundle holds a tag that would end its own element');
  }
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${bundle.scriptSha256}'`,
    `style-src 'sha256-${bundle.styleSha256}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${bundle.style}</style>
</head>
<body>
<main id="report"><noscript>This report draws its plots with JavaScript.</noscript></main>
<script type="application/json" id="${dataId}">${escapeJson(data)}</script>
<script>${bundle.script}</script>
</body>
</html>
`;
}

/** Text as HTML shows it. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** JSON that no HTML parser can leave: `<` becomes `\u003c`, which means the same inside a string. */
export const escapeJson = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');
