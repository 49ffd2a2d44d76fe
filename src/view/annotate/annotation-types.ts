/** Annotation types: the standard symbols that can be chosen, types defined by the user or the file, and links. */

import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { codeOf } from '../../wfdb/annotations/symbols.ts';
import { element } from '../element.ts';
import { word } from '../translations.ts';
import { type Choice, textButton } from '../workbench/controls.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { Mark } from './mark-document.ts';

/** Selectable standard symbols, beats first; any other can be typed. */
const standardSymbols = [...'NVSAFQLRJaEje/fBn+~|"[!]x()ptusT@='];

/** Codes that the WFDB library leaves to users. */
const userCodes = [42, 43, 44, 45, 46, 47, 48, 49];

/** The symbols to choose from, with the descriptions of user-defined types; `present` is always among them. */
export function symbolChoices(definitions: readonly AnnotationDefinition[], present: string): Choice[] {
  const described = new Map(definitions.map(({ symbol, description }) => [symbol, description]));
  return [...new Set([...standardSymbols, ...described.keys(), present])].map(symbol => {
    const description = described.get(symbol) ?? '';
    return { value: symbol, label: description === '' ? symbol : `${symbol}  ${description}` };
  });
}

/**
 * The definitions with one type added, or with a new description of an existing one. Undefined when the symbol is
 * empty, contains white space or is a standard one, when the description has more than one line, or when no code is
 * free.
 */
function withType(
  definitions: readonly AnnotationDefinition[],
  symbol: string,
  description: string,
): readonly AnnotationDefinition[] | undefined {
  if (!/^\S+$/.test(symbol) || codeOf(symbol) !== undefined || /[\r\n]/.test(description)) return undefined;
  const known = definitions.find(definition => definition.symbol === symbol);
  const used = new Set(definitions.map(({ code }) => code));
  const code = known?.code ?? userCodes.find(candidate => !used.has(candidate));
  if (code === undefined) return undefined;
  return [...definitions.filter(definition => definition !== known), { code, symbol, description }];
}

/** The list of user-defined types, with a form to add one. */
export function showOwnTypes(host: HTMLElement, { recording, status }: Workbench): void {
  // Not updated while the form is being filled in.
  if (host.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return;
  const symbol = element('input', { type: 'text', id: 'type-symbol', maxlength: '8' });
  const description = element('input', { type: 'text', id: 'type-description', maxlength: '80' });
  const add = (): void => {
    const definitions = withType(recording.definitions, symbol.value.trim(), description.value.trim());
    if (definitions === undefined) status.complain(word('typeRefused', { symbol: symbol.value }));
    else {
      (document.activeElement as HTMLElement | null)?.blur();
      recording.define(definitions);
    }
  };
  host.replaceChildren(
    element('p', { class: 'setting' }, word('ownTypesHint')),
    element(
      'ul',
      { class: 'found', id: 'own-types' },
      ...recording.definitions.map(type =>
        element('li', {}, element('b', {}, type.symbol), ` ${type.description}`),
      ),
    ),
    element(
      'div',
      { class: 'row' },
      element('label', { class: 'control' }, element('span', {}, word('symbol')), symbol),
      element('label', { class: 'control' }, element('span', {}, word('description')), description),
      textButton(word('addType'), add),
    ),
  );
}

/** The target of a link annotation, if it is a web address; it opens in a new tab without access to this page. */
export function linkOf({ symbol, aux }: Mark): HTMLElement[] {
  if (symbol !== '@' || !/^https?:\/\/\S+$/i.test(aux.trim())) return [];
  return [
    element(
      'a',
      { href: aux.trim(), target: '_blank', rel: 'noopener noreferrer', id: 'mark-link' },
      word('followLink'),
    ),
  ];
}
