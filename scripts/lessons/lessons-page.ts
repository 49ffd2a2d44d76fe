/** The lessons as one HTML document that contains the texts in both languages, figures, samples, script and style. */
import { createHash } from 'node:crypto';
import { marked } from 'marked';
import { build, type Plugin } from 'vite';
import { licenseNotices } from '../../packaging/licenses.ts';
import { type LessonName, lessonNames } from '../../src/analysis/lessons/lessons.ts';
import { escapeJson, escapeText } from '../../src/analysis/report/report-page.ts';
import { languages, type TextLanguage } from './lesson-texts.ts';

export interface LessonsPageParts {
  /** Markdown of each lesson. */
  readonly texts: Readonly<Record<TextLanguage, Readonly<Record<LessonName, string>>>>;
  /** SVG of each lesson. */
  readonly pictures: Readonly<Record<TextLanguage, Readonly<Record<LessonName, string>>>>;
  /** The samples that the page reads, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const words = {
  en: {
    title: 'How a machine learns, on ECG and patients',
    subtitle:
      'Nine lessons computed by one library. It runs in this page, and every number you see is computed here.',
    notice: 'Research use only. Not for diagnosis.',
    contents: 'Lessons',
    sources:
      'Patients: 299 with heart failure, Chicco & Jurman 2020, doi 10.1186/s12911-020-1023-5, CC BY 4.0. ECG: five minutes of record 208 of the MIT-BIH Arrhythmia Database, Moody & Mark 2001, ODC-By 1.0.',
  },
  ja: {
    title: '機械はどう学ぶのか ― 心電図と患者データで',
    subtitle:
      '1つの計算エンジンで学ぶ9つのレッスン。このページの中でライブラリそのものが動いており、表示される数値はすべてその場で計算されたものです。',
    notice: '研究専用です。診断には使用できません。',
    contents: 'レッスン一覧',
    sources:
      '患者データ: 心不全の 299 例、Chicco & Jurman 2020、doi 10.1186/s12911-020-1023-5、CC BY 4.0。心電図: MIT-BIH 不整脈データベースの記録 208 の 5 分間、Moody & Mark 2001、ODC-By 1.0。',
  },
} as const;

/** Builds the page's script and style, and puts everything together. */
export async function lessonsPage({ texts, pictures, files }: LessonsPageParts): Promise<string> {
  const { script, style } = await bundle();
  const policy = [
    "default-src 'none'",
    // The kernels are WebAssembly, compiled from bytes in the script.
    `script-src 'sha256-${sha256(script)}' 'wasm-unsafe-eval'`,
    `style-src 'sha256-${sha256(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const inBoth = (part: (language: TextLanguage) => string): string => languages.map(part).join('\n');
  const hidden = (language: TextLanguage): string => (language === 'en' ? '' : ' hidden');
  const sections = lessonNames.map(
    name => `<section id="${name}">
${inBoth(
  language =>
    `<article lang="${language}" data-language="${language}"${hidden(language)}>${lessonHtml(texts[language][name], name, pictures[language][name])}</article>`,
)}
</section>`,
  );
  const base64 = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${words.en.title} · ${words.ja.title}</title>
<style>${style}</style>
</head>
<body>
<main class="lessons">
<header>
<div class="tools">
<button type="button" data-show-language="en" lang="en">English</button>
<button type="button" data-show-language="ja" lang="ja">日本語</button>
<select data-theme-choice aria-label="Theme · 配色"><option value="system">System · 自動</option><option value="light">Light · ライト</option><option value="dark">Dark · ダーク</option></select>
</div>
${inBoth(
  language => `<div lang="${language}" data-language="${language}"${hidden(language)}>
<h1>${words[language].title}</h1>
<p>${words[language].subtitle}</p>
<p class="notice">${words[language].notice}</p>
<nav aria-label="${words[language].contents}"><ol>${lessonNames
    .map(name => `<li><a href="#${name}">${escapeText(titleOf(texts[language][name]))}</a></li>`)
    .join('')}</ol></nav>
</div>`,
)}
</header>
${sections.join('\n')}
<footer>${inBoth(
    language =>
      `<p lang="${language}" data-language="${language}"${hidden(language)}>${words[language].sources}</p>`,
  )}</footer>
</main>
<script type="application/json" id="lesson-files">${escapeJson(base64)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The heading of a lesson without its number. */
const titleOf = (text: string): string => /^# (?:\d+\. )?(.*)$/m.exec(text)?.[1] ?? '';

/** A lesson's Markdown as HTML, with its static figure in the place of the interactive one. */
function lessonHtml(text: string, name: LessonName, picture: string): string {
  const place = `<div class="explorable" data-lesson="${name}"><img alt="${escapeText(/!\[([^\]]*)\]/.exec(text)?.[1] ?? '')}" src="data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}"></div>`;
  const html = marked.parse(text.replace(/<!--.*?-->/g, ''), { async: false });
  return html
    .replace(/<h(\d)>/g, (_, level) => `<h${Number(level) + 1}>`)
    .replace(/<\/h(\d)>/g, (_, level) => `</h${Number(level) + 1}>`)
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replace(/<table>/g, '<div class="table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replace(/ align="(\w+)"/g, ' class="$1"')
    .replace(/<p><img [^>]*><\/p>/, () => place);
}

/** The lessons read no FLAC, and its decoder contains NUL characters, which HTML does not allow. */
const withoutFlac: Plugin = {
  name: 'without-flac',
  enforce: 'pre',
  resolveId: id => (id === '@wasm-audio-decoders/flac' ? '\0without-flac' : undefined),
  load: id =>
    id === '\0without-flac'
      ? "export class FLACDecoder { constructor() { throw new Error('this page reads no FLAC'); } }"
      : undefined,
};

/** The page's code as one script and one style sheet without further dependencies. */
async function bundle(): Promise<{ readonly script: string; readonly style: string }> {
  const output = await build({
    ...{ configFile: false, envDir: false, publicDir: false, logLevel: 'warn' },
    plugins: [withoutFlac, licenseNotices()],
    build: {
      write: false,
      lib: {
        entry: 'src/view/lessons/main.ts',
        formats: ['iife'],
        name: 'upstrokeLessons',
        cssFileName: 'lessons',
      },
      target: 'es2022',
      reportCompressedSize: false,
    },
  });
  const parts = (Array.isArray(output) ? output : [output]).flatMap(each =>
    'output' in each ? each.output : [],
  );
  const chunk = parts.find(part => part.type === 'chunk');
  const sheet = parts.find(part => part.type === 'asset' && part.fileName.endsWith('.css'));
  if (chunk?.type !== 'chunk' || sheet?.type !== 'asset')
    throw new Error('the bundle has no script or no style');
  const [script, style] = [chunk.code, String(sheet.source)];
  if (script.includes('\0') || /<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error('the bundle contains characters that HTML does not allow');
  }
  return { script, style };
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
