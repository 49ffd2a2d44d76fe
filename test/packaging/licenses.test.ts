/** Whatever is bundled or installed with the package comes with the terms that its authors put it under. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import lock from '../../package-lock.json' with { type: 'json' };
import { bundledPackages, licenseOf, thirdPartyLicenses } from '../../packaging/licenses.ts';
import { builtReport, builtWorkbench } from '../build-once.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeAll(async () => {
  folder = await builtReport();
});

describe('the report page', () => {
  test.each(['report.js', 'report.css'])('%s begins with the notice of what is bundled into it', name => {
    const uplot = readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8').trim();
    expect(written(name).startsWith('/*!\nuplot ')).toBe(true);
    expect(written(name).slice(0, 2000)).toContain(uplot);
  });
});

test('every script of the workbench begins with the notices of what is bundled into it', async () => {
  const assets = join(await builtWorkbench(), 'assets');
  const scripts = readdirSync(assets).filter(name => name.endsWith('.js'));
  const notices = scripts.map(name => readFileSync(join(assets, name), 'utf8'));
  // The page, and the worker, which has no part in the page's chunks.
  expect(notices.length).toBeGreaterThan(1);
  for (const text of notices) {
    expect(text.startsWith('/*!\n')).toBe(true);
    expect(text).toMatch(/^fft\.js [\d.]+ \(MIT\)$/m);
    expect(text).toMatch(/^codec-parser [\d.]+ \(LGPL-3\.0-or-later\)$/m);
  }
});

describe('THIRD_PARTY_LICENSES', () => {
  const installed = Object.entries(lock.packages).filter(
    ([place, entry]) => place !== '' && !('dev' in entry) && !('optional' in entry),
  );

  let text: string;
  beforeAll(() => {
    text = thirdPartyLicenses(bundledPackages(folder));
  });

  test('has every package that the lock file installs for a consumer, with its own words', () => {
    expect(installed.length).toBeGreaterThan(5);
    for (const [place, { version }] of installed) {
      const name = place.replace(/^.*node_modules\//, '');
      expect(text).toMatch(new RegExp(`^${name.replace(/[.\\]/g, '\\$&')} ${version} \\(.+\\)$`, 'm'));
      expect(text).toContain(licenseOf(join(root, place)).text);
    }
  });

  test('has the licence text where the package has it only in its README, and the LGPL in full', () => {
    expect(licenseOf(join(root, 'node_modules/fft.js')).text).toMatch(
      /Copyright Fedor Indutny[\s\S]*MERCHANTABILITY/,
    );
    expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
  });

  test('names what is bundled', () => {
    expect(text).toMatch(/^Bundled into the pages in dist\/: uplot [\d.]+ \(MIT\)$/m);
  });
});
