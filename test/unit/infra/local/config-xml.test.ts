// The configuration of the embedded server: loopback, bounded, durable.
import { expect, test } from 'vitest';
import { defaultMemoryBytes, renderConfigXml } from '../../../../infra/local/config-xml.js';

const GIB = 1024 ** 3;

test('the server gets three eighths of the machine, between one and four gibibytes', () => {
  const check = (machineGib: number, expectedGib: number) =>
    expect(defaultMemoryBytes(machineGib * GIB)).toBe(expectedGib * GIB);
  check(1, 1);
  check(2, 1);
  check(8, 3);
  check(16, 4);
  check(256, 4);
});

test('every insert waits for the disk, memory is bounded, and the log of queries expires', () => {
  const xml = renderConfigXml({ memoryBytes: 123 });
  expect(xml).toContain('<max_server_memory_usage>123</max_server_memory_usage>');
  expect(xml).toContain('<fsync_after_insert>1</fsync_after_insert>');
  expect(xml).toContain('<fsync_part_directory>1</fsync_part_directory>');
  expect(xml).toContain('<ttl>event_date + INTERVAL 7 DAY DELETE</ttl>');
  expect(xml).not.toContain('listen_host');
});
