import { openErrors, systemError, writeErrors } from '../../system-errors.ts';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../src/cli/fail.ts';
import {
  BugError,
  ConfigError,
  ConnectionError,
  Interrupted,
  NegativeAnswer,
  NotSent,
  PartialFailure,
  RefusedError,
  ServerError,
  UsageError,
} from '../../../src/errors.ts';

const facts = {
  httpStatus: 403,
  reason: 'Forbidden',
  method: 'GET',
  path: '/api/v1/pods',
  status: { kind: 'Status' },
};
const details = { code: 'X', hint: 'do this\nor that', causes: ['because'] };

describe('describeFailure with --error-format json', () => {
  it.each([
    [new NegativeAnswer('m', details), 1, {}],
    [new UsageError('m', details), 2, {}],
    [new ConfigError('m', details), 3, {}],
    [new RefusedError('m', { ...details, facts }), 4, facts],
    [new ServerError('m', { ...details, facts }), 5, facts],
    [new ServerError('m', details), 5, {}],
    [new ConnectionError('m', details), 6, {}],
    [new BugError('m', details), 70, {}],
  ])('%#: one line with everything a program needs', (error, exitCode, more) => {
    const failure = describeFailure(error, 'json', 0);
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(failure.text)).toEqual({
      error: { code: 'X', exitCode, message: 'm', causes: ['because'], hint: 'do this\nor that', ...more },
    });
  });

  it('writes a line for each failure and exits with the code of the first one', () => {
    const failure = new PartialFailure([
      new RefusedError('a', { code: 'NotFound', facts }),
      new ConnectionError('b', { code: 'Y' }),
    ]);
    const { text, exitCode } = describeFailure(failure, 'json', 0);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { error: unknown }).error),
    ).toEqual([
      { code: 'NotFound', exitCode: 4, message: 'a', ...facts },
      { code: 'Y', exitCode: 6, message: 'b' },
    ]);
    expect(exitCode).toBe(4);
  });

  it('reports an unexpected error as a bug', () => {
    const { text, exitCode } = describeFailure(new TypeError('x is\nundefined'), 'json', 2);
    expect(JSON.parse(text)).toEqual({
      error: { code: 'Bug', exitCode: 70, message: 'a bug in kapi: x is undefined' },
    });
    expect(exitCode).toBe(70);
  });

  it.each([...writeErrors, ...openErrors])(
    'does not report %s of an unexpected system call as a bug',
    (name) => {
      const { text, exitCode } = describeFailure(systemError(name, 'open'), 'text', 0);
      expect(exitCode).toBe(3);
      expect(text).toMatch(/^error: the system refuses open: [a-z]/);
      expect(text).not.toMatch(/bug|Unknown system error/);
    },
  );

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE'])(
    'reports %s of an unexpected socket error as a lost connection',
    (name) => {
      expect(describeFailure(systemError(name, 'read'), 'text', 0).exitCode).toBe(6);
    },
  );

  it('is silent if nothing failed', () => {
    const silent: [Error, number][] = [
      [new Interrupted('SIGINT'), 130],
      [new Interrupted('SIGTERM'), 143],
      [new Interrupted('SIGHUP'), 129],
      [new Interrupted('SIGQUIT'), 131],
      [new NotSent({ method: 'GET', path: '/' }), 0],
    ];
    for (const [error, exitCode] of silent) {
      expect(describeFailure(error, 'json', 2)).toEqual({ text: '', exitCode });
      expect(describeFailure(error, 'text', 2)).toEqual({ text: '', exitCode });
    }
  });
});

describe('describeFailure as text', () => {
  it('puts causes below the message and hints below those, control characters made visible', () => {
    const error = new UsageError('bad \u001b[31m word', details);
    expect(describeFailure(error, 'text', 0).text).toBe(
      'error: bad ^[[31m word\nbecause\nhint: do this\n      or that\n',
    );
  });

  it('prints the underlying cause at -vv', () => {
    const below = new Error('connect failed', { cause: new Error('no route') });
    const error = new ConnectionError('m', { code: 'X', prefix: '', cause: below });
    expect(describeFailure(error, 'text', 1).text).toBe('m\n');
    expect(describeFailure(error, 'text', 2).text).toBe(
      'm\n* caused by Error: connect failed\n* caused by Error: no route\n',
    );
  });

  it('removes logins from URLs, wherever an error repeats them', () => {
    const url = 'https://jane:hunter2@api.test:6443/x';
    const error = new ConnectionError(`no answer from ${url}`, {
      code: 'X',
      causes: [`tried ${url}`],
      hint: `run kapi get ${url}`,
      cause: new Error(`connect ${url}`),
    });
    for (const thrown of [error, new PartialFailure([error, error]), new TypeError(`Invalid URL ${url}`)]) {
      for (const format of ['text', 'json'] as const) {
        for (const verbose of [0, 2] as const) {
          const { text } = describeFailure(thrown, format, verbose);
          expect(text).toContain('https://api.test:6443/x');
          expect(text).not.toContain('hunter2');
        }
      }
    }
  });
});
