// The embedded ClickHouse process: loads libchdb.so and runs its `clickhouse local` command line on the main thread, for life.
// In: the command line (argv), CLICKHOUSE_LIBRARY (path of libchdb.so), a pipe as stdin that ends with the parent. Out: exit code.
// Must never stay when its parent is gone, and never run with a plain pipe as the engine's stdin (see below).
const { open, load, DataType } = require('ffi-rs');
const { Worker } = require('node:worker_threads');

const { I32, I64, String: Text, External, StringArray, Void } = DataType;
const onMac = process.platform === 'darwin';
const O_RDWR = 2;
const O_NOCTTY = onMac ? 0x20000 : 0o400;
/** How long the engine may take to leave by itself after the parent went, ms; then it is killed. */
const LEAVE_MS = 2500;

open({ library: 'c', path: onMac ? 'libSystem.B.dylib' : 'libc.so.6' });
const c = (funcName, retType, paramsType, ...paramsValue) =>
  load({ library: 'c', funcName, retType, paramsType, paramsValue });

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

// With a stdin that is no terminal the engine ends the whole process when any exception leaves a connection thread (a
// client's reset is enough), so it gets a pseudo-terminal of its own, and the parent's pipe moves to another descriptor.
const lifeline = c('dup', I32, [I32], 0);
const master = c('posix_openpt', I32, [I32], O_RDWR | O_NOCTTY);
if (master < 0) fail('TACIT: no pseudo-terminal: /dev/ptmx cannot be opened');
c('grantpt', I32, [I32], master);
c('unlockpt', I32, [I32], master);
const slave = c('open', I32, [Text, I32], c('ptsname', Text, [I32], master), O_RDWR | O_NOCTTY);
if (slave < 0) fail('TACIT: no pseudo-terminal: the terminal side of /dev/ptmx cannot be opened');
c('dup2', I32, [I32, I32], slave, 0);

// Runs beside the engine: reads away what the terminal echoes, and types `exit` when the parent's pipe ends.
const watcher = `
  const fs = require('node:fs');
  const { lifeline, master, leaveMs } = require('node:worker_threads').workerData;
  const echo = Buffer.alloc(4096);
  const drain = () => fs.read(master, echo, 0, echo.length, null, (error) => { if (!error) drain(); });
  drain();
  const one = Buffer.alloc(16);
  const wait = () => fs.read(lifeline, one, 0, one.length, null, (error, n) => {
    if (error && error.code === 'EAGAIN') return setTimeout(wait, 100);
    if (!error && n > 0) return wait();
    fs.writeSync(master, 'exit\\n');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), leaveMs);
  });
  wait();`;
const worker = new Worker(watcher, { eval: true, workerData: { lifeline, master, leaveMs: LEAVE_MS } });

worker.once('online', () => {
  open({ library: 'chdb', path: process.env.CLICKHOUSE_LIBRARY });
  const args = [
    'clickhouse',
    '--interactive',
    '--disable_suggestion',
    '--history_file=/dev/null',
    ...process.argv.slice(2),
  ];
  const result = load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: External,
    paramsType: [I32, StringArray],
    paramsValue: [args.length, args],
  });
  const errorOf = (retType) =>
    load({ library: 'chdb', funcName: 'chdb_result_error', retType, paramsType: [External], paramsValue: [result] });
  const failed = errorOf(I64) !== 0; // a null pointer means no error, and must not be read as text
  if (failed) process.stderr.write(`${errorOf(Text)}\n`);
  c('_exit', Void, [I32], failed ? 1 : 0); // an ordinary exit would wait for the watcher's blocked reads
});
