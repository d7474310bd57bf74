// The screen is restored whatever ends or stops the process, and taken again when it continues.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { canDraw, openTerminal, type TerminalProcess } from '../../../src/io/terminal.ts';

function fakeProcess(): { process: TerminalProcess; emit: (name: string) => void; seen: string[] } {
  const events = new EventEmitter();
  const seen: string[] = [];
  const process = Object.assign(events, {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    pid: 7,
    kill: (pid: number, name: string) => seen.push(`kill ${pid} ${name}`),
  }) as unknown as TerminalProcess;
  return { process, emit: (name) => void events.emit(name, name), seen };
}

function guarded(): ReturnType<typeof fakeProcess> & {
  guard: ReturnType<ReturnType<typeof openTerminal>['guard']>;
} {
  const fake = fakeProcess();
  const guard = openTerminal(fake.process).guard({
    enter: () => fake.seen.push('enter'),
    leave: () => fake.seen.push('leave'),
  });
  return { ...fake, guard };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a guarded screen', () => {
  it.each([
    'SIGABRT',
    'SIGALRM',
    'SIGIO',
    'SIGPROF',
    'SIGSTKFLT',
    'SIGUSR2',
    'SIGVTALRM',
    'SIGXCPU',
    'SIGXFSZ',
  ])('is restored before %s has its default action', (name) => {
    const { emit, seen } = guarded();
    emit(name);
    expect(seen).toEqual(['leave', `kill 7 ${name}`]);
  });

  it('is restored when the process exits', () => {
    const { emit, seen } = guarded();
    emit('exit');
    expect(seen).toEqual(['leave']);
  });

  it('is restored before SIGTSTP stops the process, and taken again after it', async () => {
    const { emit, seen } = guarded();
    emit('SIGTSTP');
    expect(seen).toEqual(['leave', 'kill 7 SIGTSTP']);
    await turn();
    expect(seen.slice(2)).toEqual(['leave', 'enter']);
    emit('SIGTSTP');
    expect(seen.slice(4)).toEqual(['leave', 'kill 7 SIGTSTP']);
  });

  it('stops the whole job at Ctrl-Z, as a terminal would', () => {
    const { guard, seen } = guarded();
    guard.suspend();
    expect(seen).toEqual(['leave', 'kill 0 SIGTSTP']);
  });

  it('is taken again after SIGCONT, because a process cannot see a SIGSTOP', () => {
    const { emit, seen } = guarded();
    emit('SIGCONT');
    expect(seen).toEqual(['leave', 'enter']);
  });

  it.each(['end', 'error', 'close'])('is hung up when its input has the event %s', (event) => {
    const { process, seen, guard } = guarded();
    process.stdin.emit(event);
    expect(seen).toEqual(['kill 7 SIGHUP']);
    guard.release();
    for (const each of ['end', 'close']) process.stdin.emit(each);
    expect(seen).toEqual(['kill 7 SIGHUP']);
  });

  it('is not changed once it is released', async () => {
    const { emit, guard, seen } = guarded();
    guard.release();
    for (const name of ['exit', 'SIGCONT', 'SIGTSTP', 'SIGUSR2']) emit(name);
    await turn();
    expect(seen).toEqual([]);
  });
});

describe('canDraw', () => {
  it.each([
    [{ TERM: 'xterm' }, true],
    [{}, true],
    [{ CI: '' }, true],
    [{ CI: 'false' }, true],
    [{ TERM: 'dumb' }, false],
    [{ CI: 'true' }, false],
    [{ CONTINUOUS_INTEGRATION: '1' }, false],
    [{ CI_COMMIT_SHA: 'x' }, false],
  ])('%j: %s', (env, expected) => {
    expect(canDraw(env)).toBe(expected);
  });
});
