// Java and Maven are found where the environment says, and what is missing is named with its package.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findJava, findMaven, javaVersion, missingPackages } from '../../../../infra/kafka/java.js';
import { makeTempDir } from '../../../support/temp-dir.js';

let temp: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  temp = makeTempDir('java');
});
afterEach(() => temp.remove());

/** A folder with a program that says it is this version of Java, and with a Maven when asked. */
function folder(name: string, version: string | undefined, maven = false): string {
  const bin = path.join(temp.dir, name, 'bin');
  mkdirSync(bin, { recursive: true });
  const add = (program: string, text: string): void => {
    writeFileSync(path.join(bin, program), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(bin, program), 0o755);
  };
  if (version !== undefined) add('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`);
  if (maven) add('mvn', 'exit 0');
  return bin;
}

test('the version is what Java says', () => {
  expect(javaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime')).toBe('17.0.15');
  expect(javaVersion('java version "1.8.0_392"')).toBe('1.8.0_392');
  expect(javaVersion('openjdk version "21" 2023-09-19')).toBe('21');
  expect(javaVersion('command not found')).toBeUndefined();
});

test('JAVA_HOME comes before PATH, and an empty or wrong one does not count', () => {
  const [home, other] = [folder('home', '21.0.2'), folder('other', '17.0.1')];
  expect(findJava({ JAVA_HOME: path.dirname(home), PATH: other })).toEqual({ file: `${home}/java`, version: '21.0.2' });
  expect(findJava({ JAVA_HOME: '', PATH: other }).version).toBe('17.0.1');
  expect(findJava({ JAVA_HOME: path.join(temp.dir, 'none'), PATH: `/none:${other}` }).version).toBe('17.0.1');
});

test('a missing or old Java is said in one line that names the package', () => {
  expect(() => findJava({ PATH: folder('empty', undefined) })).toThrow(
    'A local Kafka needs Java 17 or newer (Debian package: openjdk-17-jre-headless).',
  );
  expect(() => findJava({})).toThrow('needs Java 17 or newer');
  expect(() => findJava({ PATH: folder('old', '11.0.20') })).toThrow('or newer, and this is 11.0.20 (Debian');
});

test('a missing Maven is said in one line that names the package', () => {
  expect(findMaven({ PATH: folder('both', '17', true) })).toBe(path.join(temp.dir, 'both', 'bin', 'mvn'));
  expect(() => findMaven({ PATH: folder('one', '17') })).toThrow('Fetching Kafka needs Maven (Debian package: maven).');
});

test('what has to be installed is Java when it is missing or old, and Maven while Kafka is not fetched', () => {
  const check = (PATH: string, fetched: boolean, expected: readonly string[]): void =>
    expect(missingPackages({ PATH }, fetched)).toEqual(expected);
  check(folder('a', '17', true), false, []);
  check(folder('b', '17'), true, []);
  check(folder('c', '17'), false, ['maven']);
  check(folder('d', '11', true), false, ['openjdk-17-jre-headless']);
  check(folder('e', undefined), false, ['openjdk-17-jre-headless', 'maven']);
});
