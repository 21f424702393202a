// An authority for certificates, and what it signs: for servers of tests that speak TLS. In: names and addresses of a server.
// Out: PEM. Written by hand, byte by byte (X.509 v3, RFC 5280, ECDSA on P-256), since Node makes keys and signatures but no certificates.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Signed {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** For NODE_EXTRA_CA_CERTS. */
  readonly cert: string;
  /** A key and its certificate for a server that is found at these names and IPv4 addresses. */
  signed(...names: readonly string[]): Signed;
}

const DAY_MS = 86_400_000;
const [SEQUENCE, SET, INTEGER, BOOLEAN, BITS, OCTETS, OID, UTF8, TIME] = [48, 49, 2, 1, 3, 4, 6, 12, 23] as const;
const ECDSA_SHA256 = oid('2a8648ce3d040302');
const COMMON_NAME = oid('550403');
const [KEY_USAGE, ALT_NAME, CONSTRAINTS] = [oid('551d0f'), oid('551d11'), oid('551d13')] as const;
const TRUE = der(BOOLEAN, Buffer.from([0xff]));

export function makeAuthority(name = 'Authority of the tests'): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension(CONSTRAINTS, der(SEQUENCE, TRUE));
  // keyCertSign
  const mayIssue = extension(KEY_USAGE, der(BITS, Buffer.from([2, 0x04])));
  const issue = (subject: string, key: KeyObject, extensions: readonly Buffer[]) =>
    certificate({ issuer: name, subject, key, extensions, by: own.privateKey });
  return {
    cert: issue(name, own.publicKey, [isAuthority, mayIssue]),
    signed: (...names) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const found = extension(ALT_NAME, der(SEQUENCE, ...names.map(generalName)));
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return { key, cert: issue(names[0] ?? '', publicKey, [found]) };
    },
  };
}

interface Wanted {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly by: KeyObject;
}

function certificate({ issuer, subject, key, extensions, by }: Wanted): string {
  const algorithm = der(SEQUENCE, ECDSA_SHA256);
  const now = Date.now();
  const content = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    der(SEQUENCE, time(now - DAY_MS), time(now + DAY_MS)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  const signature = sign('sha256', content, by);
  const whole = der(SEQUENCE, content, algorithm, der(BITS, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** A tag, the length, the parts. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), body]);
}

function oid(hex: string): Buffer {
  return der(OID, Buffer.from(hex, 'hex'));
}

function nameOf(common: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(common)))));
}

/** `YYMMDDHHMMSSZ`. */
function time(ms: number): Buffer {
  return der(
    TIME,
    Buffer.from(
      `${new Date(ms)
        .toISOString()
        .replaceAll(/[-:T]|\..*/g, '')
        .slice(2)}Z`,
    ),
  );
}

/** All of them critical: who does not understand one must not trust the certificate. */
function extension(which: Buffer, value: Buffer): Buffer {
  return der(SEQUENCE, which, TRUE, der(OCTETS, value));
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}
