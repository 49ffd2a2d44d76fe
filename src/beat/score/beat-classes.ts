/** The beat classes of ANSI/AAMI EC57, and the mappings in use from annotation symbols to them. */

/**
 * The classes: normal, supraventricular ectopic, ventricular ectopic, fusion, and not classifiable.
 *
 * @example beatClasses // => ['N', 'S', 'V', 'F', 'Q']
 */
export const beatClasses = ['N', 'S', 'V', 'F', 'Q'] as const;
/** One of the five classes. */
export type BeatClass = (typeof beatClasses)[number];

/**
 * Mapping from annotation symbols to the classes. `ec57`: as the `bxb` program of the WFDB Applications applies the
 * standard; atrial, junctional and nodal escape beats (e, j, n) are supraventricular. `machineLearning`: as in studies
 * since de Chazal 2004 (IEEE Trans Biomed Eng 51:1196); e and j are normal. `deChazal`: the same, except that the
 * symbols that those studies leave unclassified (B, n, r, ?) have no class.
 */
export type ClassMap = 'ec57' | 'machineLearning' | 'deChazal';

const ec57: Readonly<Record<BeatClass, string>> = { N: 'NLRB', S: 'AaJSnej', V: 'VEr', F: 'F', Q: 'Q/f?' };
const maps: Readonly<Record<ClassMap, Readonly<Record<BeatClass, string>>>> = {
  ec57,
  machineLearning: { ...ec57, N: 'NLRBej', S: 'AaJSn' },
  deChazal: { ...ec57, N: 'NLRej', S: 'AaJS', V: 'VE', Q: 'Q/f' },
};

const symbolTable = (map: ClassMap): ReadonlyMap<string, BeatClass> =>
  new Map(beatClasses.flatMap(name => [...maps[map][name]].map(symbol => [symbol, name] as const)));

const tables: Readonly<Record<ClassMap, ReadonlyMap<string, BeatClass>>> = {
  ec57: symbolTable('ec57'),
  machineLearning: symbolTable('machineLearning'),
  deChazal: symbolTable('deChazal'),
};

/**
 * The AAMI class of an annotation symbol. Undefined for a symbol that does not mark a beat (rhythm changes, noise, the
 * flutter wave `!`), and for one that the map leaves unclassified.
 *
 * @example
 * beatClass('j', 'ec57'); // => 'S'
 * beatClass('j', 'machineLearning'); // => 'N'
 */
export function beatClass(symbol: string, map: ClassMap): BeatClass | undefined {
  return tables[map].get(symbol);
}
