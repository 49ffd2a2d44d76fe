/**
 * Licence notices of third-party packages, collected from `node_modules` during the build. The scripts and style sheets of
 * the pages begin with the notices of the packages bundled into them; `THIRD_PARTY_LICENSES` contains these and the notices
 * of the packages that are installed as dependencies.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A package and its licence. */
export interface PackageLicense {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression in its package.json. */
  readonly license: string;
  /** The licence as the package states it: its licence file, or the section of its README. */
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The licence of the package in `folder`. Throws if it names none, because it must then not be redistributed. */
export function licenseOf(folder: string): PackageLicense {
  const { name, version, license, author } = manifestOf(folder);
  if (license === undefined) throw new Error(`${name} ${version} names no licence`);
  const files = readdirSync(folder);
  const file = files.find(entry => /^(licen[cs]e|copying)([-.]|$)/i.test(entry));
  const readme = files.find(entry => /^readme(\.|$)/i.test(entry));
  const text =
    file === undefined
      ? licenseSection(readme === undefined ? '' : readFileSync(join(folder, readme), 'utf8'))
      : readFileSync(join(folder, file), 'utf8');
  const by = typeof author === 'string' ? author : author?.name;
  return {
    name,
    version,
    license,
    text: text.trim() || `By ${by ?? 'an unnamed author'}, under ${license}.`,
  };
}

/** The section "License" of a README; empty if there is none. */
const licenseSection = (readme: string): string =>
  /^#+ *licen[cs]e *\n([\s\S]*?)(?=^#|(?![\s\S]))/im.exec(readme)?.[1] ?? '';

/** The folders of all packages that are installed with this one as dependencies, sorted by name. */
function installedFolders(): string[] {
  const folders = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
      const found = [join(folder, 'node_modules', name), join(root, 'node_modules', name)].find(place =>
        existsSync(join(place, 'package.json')),
      );
      if (found === undefined) throw new Error(`${name} is not installed: run npm ci`);
      if (folders.has(name)) continue;
      folders.set(name, found);
      visit(found);
    }
  };
  visit(root);
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, folder]) => folder);
}

const folderOfModule = (id: string): string | undefined =>
  /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];

const heading = ({ name, version, license }: PackageLicense): string => `${name} ${version} (${license})`;
const paragraph = (each: PackageLicense): string => `${heading(each)}\n\n${each.text}\n`;

/** Inserts the notices of the packages bundled into a script or style sheet at its start. */
export function licenseNotices(): Plugin {
  return {
    name: 'license-notices',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap(part => (part.type === 'chunk' ? part.moduleIds : []));
      const folders = new Set(ids.map(folderOfModule).filter(folder => folder !== undefined));
      if (folders.size === 0) return;
      const bundled = [...folders].sort().map(licenseOf);
      const notice = `/*!\n${bundled.map(paragraph).join('\n').replaceAll('*/', '* /')}*/\n`;
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk') part.code = notice + part.code;
        else if (part.fileName.endsWith('.css')) part.source = notice + String(part.source);
      }
    },
  };
}

/** The packages whose notices the built scripts below `folder` begin with. */
export function bundledPackages(folder: string): PackageLicense[] {
  const names = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const notice = /^\/\*!\n[\s\S]*?\*\//.exec(readFileSync(join(folder, file), 'utf8'))?.[0] ?? '';
    for (const [, name] of notice.matchAll(/^(\S+) \S+ \(.+\)$/gm)) names.add(name!);
  }
  return [...names].sort().map(name => licenseOf(join(root, 'node_modules', name)));
}

/** The text of `THIRD_PARTY_LICENSES`; `bundled` are the packages bundled into the built scripts. */
export function thirdPartyLicenses(bundled: readonly PackageLicense[]): string {
  return [
    'Licences of third-party packages. Generated by `npm run build` from the packages themselves.\n',
    `Bundled into the pages in dist/: ${bundled.map(heading).join(', ')}\n`,
    ...bundled.map(paragraph),
    'Installed as dependencies of this package, not copied into it:\n',
    ...installedFolders().map(licenseOf).map(paragraph),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}
