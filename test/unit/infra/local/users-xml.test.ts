// The users.xml of the embedded server: hashes, never passwords; bounds and filters as defined.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { userDefinitions } from '../../../../infra/clickhouse/users.js';
import { renderUsersXml } from '../../../../infra/local/users-xml.js';

const users = userDefinitions({ database: 'tacit', projects: ['acme'] }).map((user) => ({
  ...user,
  password: `password of ${user.name}`,
}));
const xml = renderUsersXml('tacit', users);

test('holds the hash of every password and no password', () => {
  expect(xml).not.toContain('password of');
  for (const { password } of users) expect(xml).toContain(createHash('sha256').update(password).digest('hex'));
});

test('an analyst reads its project alone and is bound on both sides', () => {
  expect(xml).toContain("<events><filter>project_id = 'acme'</filter></events>");
  expect(xml).toContain('<max_memory_usage><min>1</min><max>1073741824</max></max_memory_usage>');
  expect(xml).toContain('<readonly><const/></readonly>');
});

test('nobody but the boot user is without a password, and nobody comes from another machine', () => {
  expect(xml.match(/<password><\/password>/g)).toHaveLength(1);
  expect(xml).not.toMatch(/<ip>::\/0<\/ip>|<ip>0\.0\.0\.0/);
});
