/** The beat classes of ANSI/AAMI EC57, and the two ways in use of sorting annotation symbols into them. */

/**
 * Normal, supraventricular ectopic, ventricular ectopic, fusion, and not classifiable.
 *
 * @example beatClasses // => ['N', 'S', 'V', 'F', 'Q']
 */
export const beatClasses = ['N', 'S', 'V', 'F', 'Q'] as const;
export type BeatClass = (typeof beatClasses)[number];

/**
 * `ec57`: as the `bxb` program of the WFDB Applications applies the standard; escape beats of the atria and the
 * junction (e, j, n) are supraventricular. `machineLearning`: as studies after de Chazal 2004 (IEEE Trans Biomed Eng
 * 51:1196) do; e and j are normal.
 */
export type ClassMap = 'ec57' | 'machineLearning';

const shared: readonly (readonly [BeatClass, string])[] = [
  ['N', 'NLRB'],
  ['S', 'AaJSn'],
  ['V', 'VEr'],
  ['F', 'F'],
  ['Q', 'Q/f?'],
];
const escapes: Readonly<Record<ClassMap, BeatClass>> = { ec57: 'S', machineLearning: 'N' };

const table = (map: ClassMap): ReadonlyMap<string, BeatClass> =>
  new Map([
    ...shared.flatMap(([beatClass, symbols]) => [...symbols].map(symbol => [symbol, beatClass] as const)),
    ...[...'ej'].map(symbol => [symbol, escapes[map]] as const),
  ]);

const tables: Readonly<Record<ClassMap, ReadonlyMap<string, BeatClass>>> = {
  ec57: table('ec57'),
  machineLearning: table('machineLearning'),
};

/**
 * The class of a beat annotation's symbol; undefined for a symbol that marks no beat (rhythm, noise, the flutter wave
 * `!`).
 *
 * @example
 * beatClass('j', 'ec57'); // => 'S'
 * beatClass('j', 'machineLearning'); // => 'N'
 */
export function beatClass(symbol: string, map: ClassMap): BeatClass | undefined {
  return tables[map].get(symbol);
}
