/** Renders the report as a self-contained HTML document with inline data, script and style. */
import { InputError } from '../../input-error.ts';
import { decodeBeats, type EncodedBeats, encodeBeats } from './encoded-beats.ts';
import type { ReportData } from './report-data.ts';

/** Script and style of the page, with the digests that the content security policy permits. */
export interface ReportBundle {
  readonly script: string;
  readonly style: string;
  /** Base64 SHA-256 of the UTF-8 bytes of `script`. */
  readonly scriptSha256: string;
  /** Base64 SHA-256 of the UTF-8 bytes of `style`. */
  readonly styleSha256: string;
}

/**
 * The report as a self-contained HTML document. Record names and other texts are untrusted: they are embedded only as
 * JSON with every `<` escaped, and displayed only through `textContent`; the content security policy allows only this
 * script and style, by digest, and no requests. Throws `InputError` for a bundle whose text would close its own
 * element.
 *
 * @example
 * renderPage(recordReport(beats, { model }), await readReportBundle()).slice(0, 15) // => '<!doctype html>'
 */
export const renderPage = (data: ReportData, bundle: ReportBundle): string =>
  pageOf({ title: `${data.record} · ECG slopes`, dataId: 'report-data', data: pageData(data) }, bundle);

/** Title and data of a page; `dataId` is the element id under which the script looks for the data. */
export interface PageContent {
  readonly title: string;
  readonly dataId: 'report-data' | 'risk-data';
  readonly data: unknown;
}

/** A self-contained HTML document with the given data; security and errors as for `renderPage`. */
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
<main id="report"><noscript>This report draws its plots with JavaScript. この報告書の図の表示には JavaScript が必要です。</noscript></main>
<script type="application/json" id="${dataId}">${escapeJson(data)}</script>
<script>${bundle.script}</script>
</body>
</html>
`;
}

/** The data embedded in the page; the beats of a long recording are encoded. */
type PageData = Omit<ReportData, 'beats'> & { readonly beats: ReportData['beats'] | EncodedBeats };

const pageData = (data: ReportData): PageData =>
  data.lead?.thinned === undefined ? data : { ...data, beats: encodeBeats(data.beats) };

/** Parses the data embedded in a page. */
export function parsePageData(text: string): ReportData {
  const data = JSON.parse(text) as PageData;
  return { ...data, beats: 'base64' in data.beats ? decodeBeats(data.beats) : data.beats };
}

/** Escapes text for HTML. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** JSON that is safe inside an HTML script element: `<` is escaped as `\u003c`. */
export const escapeJson = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');
