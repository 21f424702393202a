// Serves the beacon's bundles: /tacit/v1.js, /tacit/v1.mjs and their immutable hashed names. In: a folder, read once.
// Any page may load them, with Subresource Integrity too, which needs CORS. Compressed once, not per request.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';

type ContentEncoding = 'br' | 'gzip' | 'identity';

interface Asset {
  readonly bodies: Readonly<Record<ContentEncoding, Buffer>>;
  /** Of the plain content; each encoding adds its name. */
  readonly hash: string;
  readonly cacheControl: string;
}

export type Assets = ReadonlyMap<string, Asset>;

const NAME = /^v1(\.[0-9A-Za-z_-]{8,64})?\.m?js$/;
/** A page gets a new version of the unhashed names within so many seconds. */
const FRESH_S = 300;
const YEAR_S = 31_536_000;

/** Reads every bundle of the folder; none when the beacon was not built. */
export async function readAssets(folder: string): Promise<Assets> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name));
  const entries = await Promise.all(
    names.map(async (name): Promise<[string, Asset]> => {
      const body = await readFile(path.join(folder, name));
      const hashed = NAME.exec(name)?.[1] !== undefined;
      return [
        name,
        {
          bodies: { identity: body, gzip: gzipSync(body, { level: 9 }), br: brotliCompressSync(body) },
          hash: createHash('sha256').update(body).digest('base64url').slice(0, 22),
          cacheControl: hashed ? `public, max-age=${YEAR_S}, immutable` : `public, max-age=${FRESH_S}`,
        },
      ];
    }),
  );
  return new Map(entries);
}

/** Answers for a bundle; false when there is none of that name. */
export function sendAsset(request: IncomingMessage, response: ServerResponse, assets: Assets, name: string): boolean {
  const asset = assets.get(name);
  if (asset === undefined) return false;
  const encoding = bestEncoding(request.headers['accept-encoding']);
  const etag = `"${asset.hash}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const headers = {
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'timing-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'cache-control': asset.cacheControl,
    vary: 'Accept-Encoding',
    etag,
  };
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag) === true) {
    response.writeHead(304, headers).end();
    return true;
  }
  const body = asset.bodies[encoding];
  response.writeHead(200, {
    ...headers,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  return true;
}

function bestEncoding(accepted: string | undefined): ContentEncoding {
  const named = new Map(
    (accepted ?? '').split(',').map((part) => {
      const [name = '', quality = ''] = part.toLowerCase().split(';');
      return [name.trim(), !/^ *q=0(\.0*)? *$/.test(quality)];
    }),
  );
  if (named.get('br') === true) return 'br';
  return named.get('gzip') === true ? 'gzip' : 'identity';
}
