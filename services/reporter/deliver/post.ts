// Posts JSON to an address. In: address, headers, body. Out: how it ended. Follows no redirect, keeps no connection, reads no
// more of an answer than its status, and takes no longer than an attempt may.
import http from 'node:http';
import https from 'node:https';
import { ATTEMPT_MS_MAX, endingOfError, endingOfStatus, type Ending } from './attempt.js';

export interface Post {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs?: number;
}

/** Never rejects. Private addresses are allowed: who writes the projects file runs this machine. */
export async function post({ url, headers = {}, body, timeoutMs = ATTEMPT_MS_MAX }: Post): Promise<Ending> {
  const bytes = Buffer.from(body);
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const { request } = url.startsWith('https:') ? https : http;
      const options: https.RequestOptions = {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': bytes.length,
          'User-Agent': 'tacit',
          ...headers,
        },
      };
      request(url, options, resolve).on('error', reject).end(bytes);
    });
    // the status says it all
    answer.on('error', () => undefined).destroy();
    return endingOfStatus(answer.statusCode ?? 0, answer.headers['retry-after'], Date.now());
  } catch (error) {
    return endingOfError(error);
  }
}
