// A real Kafka behind doors: TLS, sign-in with PLAIN and SCRAM, and rights. In: nothing. Out: what a client is told by its
// environment to get through each door, and ways to give users passwords and rights while it runs.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findJava } from '../../infra/kafka/java.js';
import { runKafkaTool } from './kafka-tools.js';
import { startTestKafka, type TestKafka } from './kafka.js';
import { makeTempDir } from './temp-dir.js';

const CONFIGS = 'kafka.admin.ConfigCommand';
const ACLS = 'org.apache.kafka.tools.AclCommand';
const KEYSTORE_PASSWORD = 'keystore-of-the-tests';
const LOGIN = 'org.apache.kafka.common.security';

export const PLAIN_USER = 'plainuser';
export const PLAIN_PASSWORD = 'pl4in-S3cret';

export type DoorName = 'TLS' | 'PLAIN' | 'SCRAM' | 'SAFE';

export interface SecureKafka {
  readonly kafka: TestKafka;
  /** The certificate of the broker, which vouches for itself: for NODE_EXTRA_CA_CERTS. */
  readonly certificateFile: string;
  /** Makes the user or gives it another password, for one kind of SCRAM. */
  setPassword(user: string, password: string, bits?: 256 | 512): Promise<void>;
  /** Lets the user do everything with topics and groups. */
  allow(user: string): Promise<void>;
  stop(): Promise<void>;
}

const DOORS = [
  { name: 'TLS', protocol: 'SSL' },
  { name: 'PLAIN', protocol: 'SASL_PLAINTEXT' },
  { name: 'SCRAM', protocol: 'SASL_PLAINTEXT' },
  { name: 'SAFE', protocol: 'SASL_SSL' },
] as const;

export async function startSecureKafka(): Promise<SecureKafka> {
  const { dir, remove } = makeTempDir('certificate');
  const keystore = path.join(dir, 'broker.p12');
  const certificateFile = path.join(dir, 'broker.pem');
  await makeCertificate(keystore, certificateFile);
  const kafka = await startTestKafka({ doors: DOORS, settings: settingsOf(keystore) });
  return {
    kafka,
    certificateFile,
    setPassword: async (user, password, bits = 256) => {
      const added = `SCRAM-SHA-${bits}=[password=${password}]`;
      const entity = ['--entity-type', 'users', '--entity-name', user];
      await runKafkaTool(CONFIGS, [
        ...['--bootstrap-server', kafka.brokers, '--alter'],
        ...['--add-config', added, ...entity],
      ]);
    },
    allow: async (user) => {
      await runKafkaTool(ACLS, [
        ...['--bootstrap-server', kafka.brokers, '--add', '--allow-principal', `User:${user}`],
        ...['--operation', 'All', '--topic', '*', '--group', '*'],
      ]);
    },
    stop: async () => {
      await kafka.stop();
      remove();
    },
  };
}

/** By Java's own tool, since Kafka needs a Java and nothing else. */
async function makeCertificate(keystore: string, certificateFile: string): Promise<void> {
  const keytool = path.join(path.dirname(findJava(process.env).file), 'keytool');
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', KEYSTORE_PASSWORD, '-alias', 'broker'];
  const subject = ['-dname', 'CN=broker', '-ext', 'SAN=ip:127.0.0.1', '-validity', '2'];
  await promisify(execFile)(keytool, ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', ...subject, ...store]);
  await promisify(execFile)(keytool, ['-exportcert', '-rfc', '-file', certificateFile, ...store]);
}

/** Who comes through the plain door or with TLS alone may do everything; who signs in, what it was allowed to. */
function settingsOf(keystore: string): Record<string, string> {
  const plain = `${LOGIN}.plain.PlainLoginModule required user_${PLAIN_USER}="${PLAIN_PASSWORD}";`;
  const scram = `${LOGIN}.scram.ScramLoginModule required;`;
  return {
    'ssl.keystore.location': keystore,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': KEYSTORE_PASSWORD,
    'listener.name.plain.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.plain.plain.sasl.jaas.config': plain,
    ...Object.fromEntries(
      ['scram', 'safe'].flatMap((door) => [
        [`listener.name.${door}.sasl.enabled.mechanisms`, 'SCRAM-SHA-256,SCRAM-SHA-512'],
        [`listener.name.${door}.scram-sha-256.sasl.jaas.config`, scram],
        [`listener.name.${door}.scram-sha-512.sasl.jaas.config`, scram],
      ]),
    ),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}
