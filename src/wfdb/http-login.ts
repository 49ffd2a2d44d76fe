/** Request headers: those given by the caller, and basic authentication (RFC 7617) from the credentials in a URL. */
import { InputError } from '../input-error.ts';

/** Header fields by name. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** The part of `URL` that is used, declared here so that the types do not need the DOM library. */
export interface Address {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
}

/** A URL without credentials, which are moved to the headers. */
export interface PlainRequest {
  readonly url: Address;
  readonly headers: HttpHeaders;
}

/**
 * Moves the user name and password of a URL into an `Authorization` header, unless `headers` contain one. Throws
 * `RangeError` for an invalid header; the message does not include its value.
 */
export function plainRequest(url: Address, headers: HttpHeaders = {}): PlainRequest {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new InputError(`the HTTP header '${name.replace(/[^\w-]/g, '?')}' cannot be sent`);
    }
  }
  if (url.username === '' && url.password === '') return { url, headers };
  const plain = new URL(url.href);
  plain.username = '';
  plain.password = '';
  if (Object.keys(headers).some(name => name.toLowerCase() === 'authorization'))
    return { url: plain, headers };
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return { url: plain, headers: { ...headers, Authorization: basicAuthorization(user, password) } };
}

/**
 * The value of an `Authorization` header for a user name and a password, in UTF-8.
 *
 * @example
 * basicAuthorization('Aladdin', 'open sesame'); // => 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
 */
export function basicAuthorization(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
