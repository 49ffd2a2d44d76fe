/** Headers that go with a request: those that a caller gives, and basic authentication (RFC 7617) from a URL. */

/** Header fields by name. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A URL to ask and to print: without user name and password, which are among the headers. */
export interface PlainRequest {
  readonly url: URL;
  readonly headers: HttpHeaders;
}

/**
 * Takes user name and password out of a URL into an `Authorization` header, unless `headers` have one. Throws
 * `RangeError` for a header that HTTP cannot carry; the message names it without its value.
 */
export function plainRequest(url: URL, headers: HttpHeaders = {}): PlainRequest {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new RangeError(`the HTTP header '${name.replace(/[^\w-]/g, '?')}' cannot be sent`);
    }
  }
  if (url.username === '' && url.password === '') return { url, headers };
  const plain = new URL(url);
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
