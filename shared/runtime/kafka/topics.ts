// Makes the topic, or checks the one that is there. In: settings with the right to do so. Out: one line for a person per finding.
// Must never change a topic that is there: its owner may have meant it. Ends in StartError when it would lose events.
import kafkajs, { type Admin, type ITopicMetadata, type Kafka } from 'kafkajs';
import { StartError } from '../errors.js';
import type { Logger } from '../log.js';
import { sleep } from '../retry.js';
import { createKafka } from './client.js';
import type { KafkaSettings } from './config.js';
import { kafkaErrorType, kafkaPlace, kafkaWeather } from './weather.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Events wait so long for a sink, at least. */
export const RETENTION_MIN_MS = 7 * DAY_MS;
export const PARTITIONS = 6;
export const REPLICATION_MAX = 3;
/** A request of the forwarder must fit. */
export const MESSAGE_BYTES_MIN = 640 * 1024;

/** How long a topic that was just made may take until its partitions have leaders, ms. */
const SERVES_MS = 30_000;
const SERVES_POLL_MS = 100;
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/** What is said of a topic: fine, or what is wrong with it. */
export interface TopicFindings {
  readonly said: readonly string[];
  /** Events would be lost or cannot be taken. */
  readonly wrong: readonly string[];
}

/** Answers what was made or found. Throws StartError when Kafka cannot be reached or the topic is not fit. */
export async function ensureTopics(settings: KafkaSettings, log: Logger): Promise<readonly string[]> {
  const kafka: Kafka = createKafka(settings, 'tacit-migrate', log);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const replication = Math.min(REPLICATION_MAX, brokers.length);
    const topic = (await findTopic(admin, settings.topic)) ?? (await createTopic(admin, settings.topic, replication));
    if (typeof topic === 'string') return [topic];
    const findings = judgeTopic(topic, await configOf(admin, settings.topic), replication);
    if (findings.wrong.length > 0) throw new StartError(findings.wrong.join('\n'));
    return findings.said;
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(kafkaWeather(`${kafkaPlace(settings)} cannot be made or checked`, error).message);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function findTopic(admin: Admin, name: string): Promise<ITopicMetadata | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    return topics[0];
  } catch (error) {
    if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

async function createTopic(admin: Admin, topic: string, replicationFactor: number): Promise<string> {
  const configs: Record<string, string> = {
    'retention.ms': String(RETENTION_MIN_MS),
    'cleanup.policy': 'delete',
    'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
    'unclean.leader.election.enable': 'false',
  };
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const wanted = { topic, numPartitions: PARTITIONS, replicationFactor, configEntries };
  await admin.createTopics({ topics: [wanted], waitForLeaders: false });
  await topicServes(admin, topic);
  return `made topic ${topic}: ${PARTITIONS} partitions, ${replicationFactor} replicas, kept for 7 days`;
}

/** The client's own wait gives up at the first broker that has not heard of the new topic yet, as one of several may. */
async function topicServes(admin: Admin, name: string): Promise<void> {
  const until = performance.now() + SERVES_MS;
  for (;;) {
    try {
      await admin.fetchTopicMetadata({ topics: [name] });
      return;
    } catch (error) {
      if (!NOT_YET.has(kafkaErrorType(error) ?? '') || performance.now() > until) throw error;
      await sleep(SERVES_POLL_MS);
    }
  }
}

async function configOf(admin: Admin, name: string): Promise<ReadonlyMap<string, string>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
  });
  return new Map(resources.flatMap(({ configEntries }) => configEntries.map((e) => [e.configName, e.configValue])));
}

/** Whether a topic that is there is fit. Pure. */
export function judgeTopic(
  { name, partitions }: Pick<ITopicMetadata, 'name' | 'partitions'>,
  config: ReadonlyMap<string, string>,
  replicationWanted: number,
): TopicFindings {
  const wrong: string[] = [];
  const said: string[] = [];
  const number = (key: string) => Number(config.get(key) ?? NaN);
  const retention = number('retention.ms');
  if (retention >= 0 && retention < RETENTION_MIN_MS)
    wrong.push(`topic ${name}: retention.ms is ${retention}; events are lost unless it is ${RETENTION_MIN_MS} or more`);
  if (number('retention.bytes') >= 0)
    said.push(`topic ${name}: retention.bytes is set; events that no sink has read yet are lost when it is reached`);
  if (config.get('cleanup.policy')?.includes('compact') === true)
    wrong.push(`topic ${name}: cleanup.policy must be delete; compaction removes events`);
  if (config.get('unclean.leader.election.enable') === 'true')
    said.push(`topic ${name}: unclean.leader.election.enable is true; acknowledged events can be lost`);
  if (number('max.message.bytes') < MESSAGE_BYTES_MIN)
    wrong.push(`topic ${name}: max.message.bytes must be ${MESSAGE_BYTES_MIN} or more`);
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (replicas < replicationWanted)
    said.push(`topic ${name}: ${replicas} replicas, ${replicationWanted} are possible; a dead broker can lose events`);
  return { wrong, said: [`topic ${name}: ${partitions.length} partitions, ${replicas} replicas`, ...said] };
}
