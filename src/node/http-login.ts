/**
 * Logins for web servers that are kept out of command lines: a netrc file (as curl, wget and ftp read it), and header
 * fields from the environment. Both name the host they are for; nothing here prints them.
 *
 *   NETRC=/path/to/netrc                            default ~/.netrc:  machine HOST login NAME password WORD
 *   UPSTROKE_HTTP_HEADERS='HOST Name: value'        one a line; HOST may be HOST:PORT
 */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import { basicAuthorization, type HttpHeaders } from '../wfdb/http-login.ts';

/** Maximum size of a netrc file, bytes. */
const maxBytes = 2 ** 20;

/**
 * The header fields to send to the host of a URL: those of `UPSTROKE_HTTP_HEADERS`, and basic authentication from the
 * netrc file unless the URL or a field already contains credentials. A netrc password is sent only over HTTPS or to
 * this machine. Throws `InputError` for a malformed line of `UPSTROKE_HTTP_HEADERS`, without quoting it, and if the
 * file named by `NETRC` cannot be read.
 */
export function loginHeaders(url: string | URL, env: NodeJS.ProcessEnv = process.env): HttpHeaders {
  if (!URL.canParse(url)) return {};
  const { host, hostname, protocol, username } = new URL(url);
  const headers: Record<string, string> = {};
  for (const [i, line] of (env.UPSTROKE_HTTP_HEADERS ?? '').split('\n').entries()) {
    if (line.trim() === '') continue;
    const [meant = ''] = line.trim().split(/\s/, 1);
    const field = line.trim().slice(meant.length).trim();
    const colon = field.indexOf(':');
    if (colon < 1) throw new InputError(`UPSTROKE_HTTP_HEADERS, line ${i + 1}: 'HOST Name: value' is needed`);
    if (meant === hostname || meant === host)
      headers[field.slice(0, colon).trim()] = field.slice(colon + 1).trim();
  }
  const isSafe = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const hasLogin =
    username !== '' || Object.keys(headers).some(name => name.toLowerCase() === 'authorization');
  if (!isSafe || hasLogin) return headers;
  const login = netrcLogin(netrcText(env), hostname);
  return login === undefined ? headers : { ...headers, Authorization: basicAuthorization(...login) };
}

function netrcText(env: NodeJS.ProcessEnv): string {
  try {
    const text = readFileSync(env.NETRC ?? join(env.HOME ?? homedir(), '.netrc'), 'utf8');
    return text.length > maxBytes ? '' : text;
  } catch (cause) {
    // The default netrc file is optional, so failure to read it is ignored.
    if (env.NETRC === undefined) return '';
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError(`the netrc file that NETRC names cannot be read: ${code}`, { cause });
  }
}

/**
 * Login name and password for a host from the text of a netrc file: of the matching `machine` entry, otherwise of
 * `default`; undefined if there is neither.
 *
 * @example
 * netrcLogin('machine host login me password word', 'host'); // => ['me', 'word']
 */
export function netrcLogin(text: string, host: string): readonly [string, string] | undefined {
  const words = wordsOf(text);
  let isMeant = false;
  let name: string | undefined;
  let password: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === 'machine' || word === 'default') {
      if (isMeant) break;
      isMeant = word === 'default' || words[++i] === host;
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[++i];
      if (isMeant && word === 'login') name = value;
      if (isMeant && word === 'password') password = value;
    }
  }
  return isMeant && name !== undefined && password !== undefined ? [name, password] : undefined;
}

/**
 * Tokens of a netrc file, which may be double-quoted; comments are omitted, as are macro definitions, which end with
 * a blank line.
 */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let isMacro = false;
  for (const line of text.split(/\r?\n/)) {
    if (isMacro && line.trim() !== '') continue;
    isMacro = false;
    for (const [word] of line.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"]\S*/g)) {
      if (word.startsWith('#')) break;
      if (word === 'macdef') isMacro = true;
      if (isMacro) break;
      words.push(word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word);
    }
  }
  return words;
}
