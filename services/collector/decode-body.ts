// From the bytes of a body to JSON. In: headers and bytes. Out: the parsed value, or why not.
// Everything is bounded before anything recursive runs: size after inflating, encoding, depth.
import { gunzipSync } from 'node:zlib';
import { isAscii, isUtf8 } from 'node:buffer';
import { DEPTH_MAX, INFLATED_BYTES_MAX } from '../../shared/contract/limits.js';
import { errorCode } from '../../shared/runtime/errors.js';
import { Problem } from './problem.js';

export type Encoding = 'identity' | 'gzip';

const TYPE = /^(?:application\/json|text\/plain) *(?:; *charset *= *"?utf-8"? *)?;?$/i;

/** `application/json` or `text/plain`, in UTF-8: pages use the latter, since it needs no preflight. */
export function isSupportedType(contentType: string | undefined): boolean {
  return contentType !== undefined && TYPE.test(contentType.trim());
}

/** The header `Content-Encoding` wins over `?enc=`, which is for what cannot set headers. */
export function encodingOf(header: string | undefined, query: string | undefined): Encoding | Problem {
  const said = (header ?? query ?? 'identity').trim().toLowerCase();
  if (said === 'gzip' || (header !== undefined && said === 'x-gzip')) return 'gzip';
  if (header !== undefined && (said === 'identity' || said === '')) return 'identity';
  if (header === undefined && query === undefined) return 'identity';
  return new Problem('unsupported_encoding');
}

export function inflate(bytes: Buffer, encoding: Encoding): Buffer | Problem {
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch (error) {
    return errorCode(error) === 'ERR_BUFFER_TOO_LARGE'
      ? new Problem('inflated_too_large', `at most ${INFLATED_BYTES_MAX} bytes`)
      : new Problem('malformed_json', 'the gzip data is damaged');
  }
}

export function parseJson(bytes: Buffer): { value: unknown } | Problem {
  if (bytes.length === 0) return new Problem('empty_batch', 'there is no body');
  if (depthExceeds(bytes, DEPTH_MAX)) return new Problem('too_deep', `at most ${DEPTH_MAX} levels`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return new Problem('malformed_json', 'it begins with a byte order mark');
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) return new Problem('malformed_json', 'it is not UTF-8');
  try {
    return { value: JSON.parse(ascii ? bytes.toString('latin1') : bytes.toString('utf8')) };
  } catch {
    // The engine's message quotes the body.
    return new Problem('malformed_json');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

/** Whether JSON text has more than `max` containers inside each other. Reads bytes: multi-byte characters hold none of these. */
export function depthExceeds(bytes: Uint8Array, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > max) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}
