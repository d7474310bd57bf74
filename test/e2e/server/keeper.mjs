// Runs the processes of one test server: starts them, and ends them and removes their directory
// when its standard input closes. The operating system closes that pipe however the test run ended,
// so nothing survives a crash or a kill -9. Argument: a JSON of {directory, commands: [{name, argv,
// log}]}. Lines of standard input disturb a process in the meantime: `signal NAME SIGNAL`, `start
// NAME`, and three that kill it, change its directory and start it again: `wipe NAME` removes the
// directory, `save NAME` copies it, `restore NAME` puts the copy back. Plain JavaScript, because
// Node runs it directly.
import { spawn } from 'node:child_process';
import { cpSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { directory, commands } = JSON.parse(process.argv[2]);

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const children = new Map();
/** Processes that were asked to end. */
const told = new WeakSet();
let ending = false;

function isAlive(child) {
  return child.exitCode === null && child.signalCode === null;
}

function end(code) {
  if (ending) return;
  ending = true;
  const alive = [...children.values()].filter(isAlive);
  let left = alive.length;
  const finish = () => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.exit(code);
  };
  if (left === 0) finish();
  for (const child of alive) {
    child.once('exit', () => {
      left -= 1;
      if (left === 0) finish();
    });
    // Nothing here is worth a graceful shutdown, which takes the API server up to a minute.
    child.kill('SIGKILL');
  }
}

function start({ name, argv, log }) {
  const file = openSync(log, 'a');
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', file, file], cwd: directory });
  child.once('error', (error) => {
    process.stderr.write(`${name} could not be started: ${error.message}\n`);
    end(1);
  });
  child.once('exit', (code, signal) => {
    if (ending || told.has(child)) return;
    process.stderr.write(`${name} ended by itself (${signal ?? `exit code ${code}`})\n`);
    // The directory with the log stays until the owner has read it and closes the pipe.
  });
  children.set(name, child);
}

commands.forEach(start);

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, name, signal] = line.split(' ');
  const child = children.get(name);
  if (verb === 'start') {
    const again = () => start(commands.find((command) => command.name === name));
    if (isAlive(child)) child.once('exit', again);
    else again();
  }
  if (['wipe', 'save', 'restore'].includes(verb)) {
    told.add(child);
    child.once('exit', () => {
      const data = join(directory, name);
      const saved = `${data}.saved`;
      if (verb === 'save') cpSync(data, saved, { recursive: true });
      else rmSync(data, { recursive: true, force: true });
      if (verb === 'restore') cpSync(saved, data, { recursive: true });
      start(commands.find((command) => command.name === name));
    });
    child.kill('SIGKILL');
  }
  if (verb !== 'signal') return;
  if (signal === 'SIGKILL' || signal === 'SIGTERM') told.add(child);
  child.kill(signal);
});

// Ctrl-C reaches the whole process group; the owner decides when the server stops, by closing the
// pipe.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => end(0));
process.on('SIGHUP', () => {});
process.stdin.once('end', () => end(0));
process.stdin.once('error', () => end(0));
