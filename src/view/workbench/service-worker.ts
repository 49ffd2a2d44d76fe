/** Offline support: the files of the page are cached, records never. */

/** The members of a service worker's scope that are used; TypeScript's DOM library does not declare them. */
interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as WorkerScope;
const cacheName = 'upstroke-page';

scope.addEventListener('install', event => event.waitUntil(keepPage().then(() => scope.skipWaiting())));
scope.addEventListener('activate', event => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const home = new URL(scope.registration.scope);
  const isOwn = origin === home.origin && pathname.startsWith(home.pathname);
  const isRecord = pathname.startsWith(`${home.pathname}files/`);
  if (request.method === 'GET' && isOwn && !isRecord) event.respondWith(answer(request));
});

/** Caches every file of the page, as listed by the build. */
async function keepPage(): Promise<void> {
  const list = await fetch(new URL('files.json', scope.registration.scope));
  const files = (await list.json()) as string[];
  const cache = await caches.open(cacheName);
  await cache.addAll(['./', ...files].map(name => new URL(name, scope.registration.scope).href));
}

/**
 * Responds from the network if possible, so that a new build is used at once; otherwise from the cache, restricted to
 * the requested range.
 */
async function answer(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.url, { ignoreSearch: true, cacheName });
    if (kept === undefined) throw error;
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '');
    if (range === null) return kept;
    const bytes = await kept.arrayBuffer();
    const from = Number(range[1]);
    const part = bytes.slice(from, range[2] === '' ? undefined : Number(range[2]) + 1);
    if (part.byteLength === 0) return new Response(null, { status: 416 });
    return new Response(part, {
      status: 206,
      headers: { 'Content-Range': `bytes ${from}-${from + part.byteLength - 1}/${bytes.byteLength}` },
    });
  }
}
