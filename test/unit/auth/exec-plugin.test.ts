import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { certificate, encryptedKey, failureOf, privateKey } from '../config/memory-files.ts';
import { answer, configWith, open, temporaryDirectory, writePlugin, type Heard } from './plugin-files.ts';

const from = '/home/jane/.kube/config, user "u"';

/** Opens a plugin that runs the script. */
async function openScript(
  script: string,
  exec: Record<string, unknown> = {},
  world: Parameters<typeof open>[1] = {},
  heard?: Heard,
): Promise<ReturnType<typeof open> & { readonly path: string }> {
  const path = await writePlugin(script);
  return { ...open(await configWith({ command: path, ...exec }), world, heard), path };
}

/** Adds a line to a file at each run and returns the count as its token. */
const counting = `echo run >> "$(dirname "$0")/runs"
n=$(wc -l < "$(dirname "$0")/runs" | tr -d ' ')
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t'$n'"}}'`;

async function runsOf(path: string): Promise<number> {
  return (await readFile(join(dirname(path), 'runs'), 'utf8')).split('\n').length - 1;
}

describe('answers', () => {
  it('a token', async () => {
    const auth = await openScript(answer({ token: 't' }));
    expect([await auth.authorization(), await auth.clientCertificate()]).toEqual(['Bearer t', undefined]);
  });

  it('a certificate', async () => {
    const auth = await openScript(answer({ clientCertificateData: certificate, clientKeyData: privateKey }));
    expect([await auth.authorization(), await auth.clientCertificate()]).toEqual([
      undefined,
      { certificate, key: privateKey },
    ]);
  });

  it('both, and null counts as absent', async () => {
    const status = {
      token: 't',
      clientCertificateData: certificate,
      clientKeyData: privateKey,
      expirationTimestamp: null,
    };
    const auth = await openScript(answer(status));
    expect([await auth.authorization(), (await auth.clientCertificate())?.certificate]).toEqual([
      'Bearer t',
      certificate,
    ]);
  });

  it('it may be YAML', async () => {
    const auth = await openScript(
      `cat <<'EOF'\napiVersion: client.authentication.k8s.io/v1beta1\nkind: ExecCredential\nstatus:\n  token: t\nEOF`,
      { apiVersion: 'client.authentication.k8s.io/v1beta1' },
    );
    expect(await auth.authorization()).toBe('Bearer t');
  });

  const decoding = (path: string): string =>
    `3 ExecAnswerInvalid: decoding the answer of the exec plugin ${path}: `;
  const wrongVersion =
    'exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1';

  /** A script whose output has other fields than the status as well. */
  const said = (status: object, more: object = {}): string =>
    `echo '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status, ...more })}'`;
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const notOneDocument = 'it begins with { and is not one JSON document';

  // kubectl sends the same.
  it.each<[string, string, string]>([
    ['no kind', `echo '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}'`, 't'],
    [
      'kind null',
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":null,"status":{"token":"t"}}'`,
      't',
    ],
    ['a token beyond ASCII', answer({ token: 't\u00e9\u{1f600}' }), 't\u00e9\u{1f600}'],
    ['white space around the JSON', `printf ' \\t\\n'; ${said({ token: 't' })}; printf '\\r\\n '`, 't'],
    ['a tab in a token', answer({ token: 'a\tb' }), 'a\tb'],
    ['a time with a comma', answer({ token: 't', expirationTimestamp: '2099-01-01T00:00:00,5Z' }), 't'],
    ['an offset of a day', answer({ token: 't', expirationTimestamp: '2099-01-01T00:00:00+24:00' }), 't'],
    ['null in place of a time', answer({ token: 't', expirationTimestamp: null }), 't'],
    ['its spec', said({ token: 't' }, { spec: { interactive: true, cluster: { server: 'x' } } }), 't'],
    ['unknown fields, deeply nested', said({ token: 't' }, { more: nested(3_000) }), 't'],
  ])('accepts %s', async (_, script, token) => {
    expect(await (await openScript(script)).authorization()).toBe(`Bearer ${token}`);
  });

  it.each<[string, string, string]>([
    [
      'another apiVersion than the one asked for',
      answer({ token: 'SECRET' }, 'client.authentication.k8s.io/v1beta1'),
      wrongVersion,
    ],
    [
      'another kind',
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"Pod","status":{"token":"SECRET"}}'`,
      'it is not an ExecCredential',
    ],
    ['no status', answer(undefined), "exec plugin didn't return a status field"],
    ['an empty status', answer({}), "exec plugin didn't return a token or cert/key pair"],
    ['a status that is none', answer('SECRET'), 'status is not an object'],
    ['a token that is none', answer({ token: ['SECRET'] }), 'token is not text'],
    [
      'a certificate alone',
      answer({ clientCertificateData: certificate }),
      'exec plugin returned only certificate or key, not both',
    ],
    [
      'a key alone',
      answer({ clientKeyData: privateKey }),
      'exec plugin returned only certificate or key, not both',
    ],
    [
      'a garbage certificate',
      answer({ clientCertificateData: 'SECRET', clientKeyData: privateKey }),
      'clientCertificateData contains no PEM certificate',
    ],
    [
      'a garbage key',
      answer({ clientCertificateData: certificate, clientKeyData: 'SECRET' }),
      'clientKeyData contains no private key',
    ],
    [
      'an encrypted key',
      answer({ clientCertificateData: certificate, clientKeyData: encryptedKey }),
      'clientKeyData is encrypted',
    ],
    [
      'a bad time',
      answer({ token: 'SECRET', expirationTimestamp: 'tomorrow' }),
      'expirationTimestamp is not an RFC 3339 time',
    ],
    [
      'an impossible time',
      answer({ token: 'SECRET', expirationTimestamp: '2026-13-01T00:00:00Z' }),
      'expirationTimestamp is not an RFC 3339 time',
    ],
    [
      'an empty time',
      answer({ token: 'SECRET', expirationTimestamp: '' }),
      'expirationTimestamp is not an RFC 3339 time',
    ],
    [
      'a day that does not exist',
      answer({ token: 'SECRET', expirationTimestamp: '2099-02-30T00:00:00Z' }),
      'expirationTimestamp is not an RFC 3339 time',
    ],
    [
      'a time with a small t',
      answer({ token: 'SECRET', expirationTimestamp: '2099-01-01t00:00:00Z' }),
      'expirationTimestamp is not an RFC 3339 time',
    ],
    ['a spec that is none', said({ token: 'SECRET' }, { spec: 5 }), 'spec is not an object'],
    [
      'a spec with text',
      said({ token: 'SECRET' }, { spec: { interactive: 'yes' } }),
      'spec.interactive is not a boolean',
    ],
    [
      'a spec with a number',
      said({ token: 'SECRET' }, { spec: { cluster: 5 } }),
      'spec.cluster is not an object',
    ],
    ...[
      ['text after the JSON', `${said({ token: 'SECRET' })}; echo more`],
      ['two answers', `${said({ token: 'SECRET' })}; ${said({ token: 'SECRET' })}`],
      ['JSON with single quotes', `${said({ token: 'SECRET' })} | tr '"' "'"`],
      ['a control character in JSON', `${said({ token: 'SEC_RET' })} | tr _ '\\t'`],
    ].map(([what = '', script = '']): [string, string, string] => [what, script, notOneDocument]),
    ['text', 'echo SECRET', 'the answer is not an object'],
    ['a list', 'echo "[SECRET]"', 'the answer is not an object'],
    ['nothing', 'true', 'it wrote nothing to standard output'],
    ['what is neither JSON nor YAML', `echo '{"a": "SECRET'`, 'line 1, column 7: a quote that is not closed'],
    ['nesting without end', `head -c 100000 /dev/zero | tr '\\0' '['`, 'nested too deeply'],
  ])('hostile: %s', async (_, script, problem) => {
    const auth = await openScript(script);
    expect(await failureOf(auth.authorization())).toBe(decoding(auth.path) + problem);
  });

  it('hostile: endless output is cut off', async () => {
    const auth = await openScript('yes SECRET');
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecAnswerInvalid: exec: the answer of ${auth.path} is longer than 1048576 bytes`,
    );
  });

  it('hostile: a token that is not valid in a header', async () => {
    const auth = await openScript(answer({ token: 'SECRET\nX-Evil: 1' }));
    expect(await failureOf(auth.authorization())).toBe(
      `3 TokenInvalid: the token that the exec plugin ${auth.path} gave contains a line end`,
    );
  });
});

describe('The plugin runs once per process while its answer has not expired', () => {
  it('once for many requests, also at the same time', async () => {
    const auth = await openScript(counting);
    const together = await Promise.all([
      auth.authorization(),
      auth.clientCertificate(),
      auth.authorization(),
    ]);
    expect([together, await auth.authorization()]).toEqual([
      ['Bearer t1', undefined, 'Bearer t1'],
      'Bearer t1',
    ]);
    expect(await runsOf(auth.path)).toBe(1);
  });

  it('again after expirationTimestamp', async () => {
    let now = new Date('2026-11-22T12:00:00Z');
    const expiring = counting.replace('"token"', '"expirationTimestamp":"2026-11-22T14:00:00+01:00","token"');
    const auth = await openScript(expiring, {}, { now: () => now });
    const headers = [await auth.authorization()];
    now = new Date('2026-11-22T13:00:00Z');
    headers.push(await auth.authorization());
    now = new Date('2026-11-22T13:00:01Z');
    headers.push(await auth.authorization());
    expect(headers).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('and after a 401, once for all requests that got it', async () => {
    const auth = await openScript(counting);
    await auth.authorization();
    expect(await Promise.all([auth.renew('Bearer t1'), auth.renew('Bearer t1')])).toEqual([true, true]);
    expect(await auth.authorization()).toBe('Bearer t2');
    // A request that was in flight: its credential has been replaced already.
    expect(await auth.renew('Bearer t1')).toBe(true);
    expect(await runsOf(auth.path)).toBe(2);
  });

  it('a renewal that returns the same credential does not count', async () => {
    const auth = await openScript(answer({ token: 't' }));
    await auth.authorization();
    expect([await auth.renew('Bearer t'), await auth.renew()]).toEqual([false, false]);
  });

  it('a failure is not remembered', async () => {
    const auth = await openScript(
      `[ -e "$(dirname "$0")/runs" ] || { echo > "$(dirname "$0")/runs"; exit 1; }\n${counting}`,
    );
    expect(await failureOf(auth.authorization())).toContain('3 ExecFailed');
    expect(await auth.authorization()).toBe('Bearer t2');
  });

  it('does not run before a request asks', async () => {
    const auth = await openScript(counting);
    await expect(runsOf(auth.path)).rejects.toThrow('ENOENT');
  });
});

describe('the input of a plugin', () => {
  const telling = (what: string): string =>
    `value=$(${what})\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$value"`;

  it('arguments, the environment and its own variables, which take precedence', async () => {
    const auth = await openScript(
      telling('echo "$# $1 $2 $INHERITED $OWN"'),
      { args: ['a b', '--c'], env: [{ name: 'OWN', value: 'entry' }] },
      { env: { PATH: '/usr/bin:/bin', INHERITED: 'yes', OWN: 'inherited' } },
    );
    expect(await auth.authorization()).toBe('Bearer 2 a b --c yes entry');
  });

  it('KUBERNETES_EXEC_INFO, which replaces an inherited one', async () => {
    const auth = await openScript(
      telling('printf %s "$KUBERNETES_EXEC_INFO" | tr -d "\\""'),
      {},
      { env: { PATH: '/usr/bin:/bin', KUBERNETES_EXEC_INFO: 'old' } },
    );
    expect(await auth.authorization()).toBe(
      'Bearer {kind:ExecCredential,apiVersion:client.authentication.k8s.io/v1,spec:{interactive:false}}',
    );
  });

  it('Without a terminal the plugin’s stdin is empty', async () => {
    const auth = await openScript(telling('wc -c | tr -d " "'), { interactiveMode: 'IfAvailable' });
    expect(await auth.authorization()).toBe('Bearer 0');
  });

  it('interactiveMode Always without a terminal is an error', async () => {
    const auth = await openScript(counting, { interactiveMode: 'Always' });
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecNeedsTerminal: exec plugin ${auth.path} cannot support interactive mode: standard input is not a terminal`,
    );
  });

  it.each([
    ['Always', 'true'],
    ['IfAvailable', 'true'],
    ['Never', 'false'],
  ])('on a terminal, %s makes interactive %s', async (interactiveMode, interactive) => {
    const script = telling('printf %s "$KUBERNETES_EXEC_INFO" | sed "s/.*interactive.:\\([a-z]*\\).*/\\1/"');
    const auth = await openScript(script, { interactiveMode }, { stdinIsTTY: () => true });
    expect(await auth.authorization()).toBe(`Bearer ${interactive}`);
  });
});

describe('failures', () => {
  it('a non-zero exit, with its stderr passed through', async () => {
    const heard = { stderr: '' };
    const auth = await openScript('echo log in first >&2; echo SECRET; exit 3', {}, {}, heard);
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecFailed: exec: executable ${auth.path} failed with exit code 3`,
    );
    expect(heard.stderr).toBe('log in first\n');
  });

  it('a signal', async () => {
    const auth = await openScript('kill -KILL $$');
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecFailed: exec: executable ${auth.path} was ended by SIGKILL`,
    );
  });

  it('a file that is not a program', async () => {
    const path = await writePlugin('');
    await writeFile(path, '#!/no/such/interpreter\n');
    const auth = open(await configWith({ command: path }));
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecFailed: exec: ${path} could not be started: ENOENT`,
    );
  });

  it('an argument that cannot be passed', async () => {
    const auth = await openScript(counting, { args: ['a\u0000b'] });
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecFailed: exec: ${auth.path} could not be started: ERR_INVALID_ARG_VALUE`,
    );
  });

  it('an abort ends the plugin and returns its reason', async () => {
    const abort = new AbortController();
    const auth = await openScript('sleep 60', {}, { signal: abort.signal });
    const asked = auth.authorization();
    setTimeout(() => {
      abort.abort(new Error('enough'));
    }, 50);
    await expect(asked).rejects.toThrow('enough');
    await expect(auth.authorization()).rejects.toThrow('enough');
  });
});

describe('A command with a slash is relative to the kubeconfig’s directory, a bare one comes from PATH, never from the working directory', () => {
  it('from PATH, in order, without files that are not executable', async () => {
    const path = await writePlugin(answer({ token: 'right' }), 'my-plugin');
    const [no, later] = [
      await temporaryDirectory(),
      await writePlugin(answer({ token: 'late' }), 'my-plugin'),
    ];
    await writeFile(join(no, 'my-plugin'), '#!/bin/sh\nexit 1\n', { mode: 0o644 });
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'my-plugin'));
    const env = { PATH: `/nope:${no}:${directory}:${dirname(path)}:${dirname(later)}:/bin` };
    const auth = open(await configWith({ command: 'my-plugin' }), { env });
    expect(await auth.authorization()).toBe('Bearer right');
  });

  it('its argv[0] is its own name', async () => {
    const directory = await temporaryDirectory();
    const auth = open(
      await configWith({
        command: 'sh',
        args: ['-c', `printf '%s' "$0" > ${directory}/name; ${answer({ token: 't' })}`],
      }),
    );
    await auth.authorization();
    expect(await readFile(join(directory, 'name'), 'utf8')).toBe('sh');
  });

  it.each(['', '.', './', ':.:', '../HERE'])(
    'PATH=%j does not include the working directory',
    async (PATH) => {
      const directory = dirname(await writePlugin(answer({ token: 't' }), 'my-plugin'));
      const before = process.cwd();
      onTestFinished(() => {
        process.chdir(before);
      });
      process.chdir(directory);
      const env = { PATH: PATH.replace('HERE', basename(directory)) };
      const auth = open(await configWith({ command: 'my-plugin' }), { env });
      expect(await failureOf(auth.authorization())).toBe(
        '3 ExecNotFound: exec: executable my-plugin not found',
      );
    },
  );

  it('installHint is shown when it is missing, its control characters replaced', async () => {
    const installHint = 'get it:\n\tbrew \u001b[1minstall\u001b[0m \u009b \u202e ä';
    const auth = open(await configWith({ command: 'no-such-plugin', installHint }));
    await expect(auth.authorization()).rejects.toMatchObject({
      code: 'ExecNotFound',
      message: 'exec: executable no-such-plugin not found',
      hint: `${from} names it as its credential plugin; it must be in PATH\nget it:\n\tbrew U+001B[1minstallU+001B[0m U+009B U+202E ä`,
    });
  });

  it('a path that is missing', async () => {
    const auth = open(await configWith({ command: './no-such' }));
    await expect(auth.authorization()).rejects.toMatchObject({
      message: 'exec: executable /home/jane/.kube/no-such not found',
      hint: `${from} names it as its credential plugin; it must be an executable file`,
    });
  });
});

describe('a plugin that runs without a request of the user', () => {
  const script = `read -r pid name state parent group session rest < /proc/self/stat
[ "$session" = "$$" ] && token=own || token=shared
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$token'"}}'`;

  it.runIf(process.platform === 'linux')('has its own session, others share that of kapi', async () => {
    expect(await (await openScript(script, {}, { apart: true })).authorization()).toBe('Bearer own');
    expect(await (await openScript(script)).authorization()).toBe('Bearer shared');
  });
});

describe('a new answer is used, whatever its expiry', () => {
  it.each(['0001-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '1970-01-01T00:00:00+01:00'])(
    '%s',
    async (time) => {
      const script = `echo run >> "$(dirname "$0")/runs"\n${answer({ token: 't', expirationTimestamp: time })}`;
      const auth = await openScript(script);
      for (let at = 0; at < 4; at++) {
        expect(await auth.authorization()).toBe('Bearer t');
        await auth.clientCertificate();
      }
      expect(await runsOf(auth.path)).toBe(1);
      // After a refusal the plugin runs again.
      await auth.renew('Bearer t');
      expect(await runsOf(auth.path)).toBe(2);
    },
  );
});

describe('the output of a failed plugin', () => {
  it.each([
    [
      'echo SECRET; exit 1',
      'it wrote 7 bytes, which are not shown, to standard output and nothing to standard error: run it by hand to see them',
    ],
    ['exit 1', 'it wrote nothing, neither to standard output nor to standard error: run it by hand'],
    ['echo reason >&2; exit 1', 'what it wrote to standard error is above'],
  ])('%s', async (script, words) => {
    const auth = await openScript(script, {}, { pluginStderr: () => undefined });
    await expect(auth.authorization()).rejects.toMatchObject({
      hint: `it is the credential plugin of ${from}; ${words}`,
    });
  });

  it.each([
    [
      'text before the JSON',
      `echo Logged in.; ${answer({ token: 'SECRET' })}`,
      'it wrote 11 bytes of other text before the JSON',
    ],
    ['white space', "printf ' \\n'", 'it wrote nothing to standard output'],
    [
      'UTF-16 without a byte order mark',
      "printf 'a\\000p\\000i\\000V\\000e\\000'",
      'it looks like UTF-16 without a byte order mark: save it as UTF-8',
    ],
  ])('%s', async (_, script, problem) => {
    const auth = await openScript(script);
    expect(await failureOf(auth.authorization())).toBe(
      `3 ExecAnswerInvalid: decoding the answer of the exec plugin ${auth.path}: ${problem}`,
    );
  });

  it('UTF-16 with a byte order mark is read', async () => {
    const json = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}`;
    const file = join(await temporaryDirectory(), 'answer');
    await writeFile(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json, 'utf16le')]));
    const auth = await openScript(`cat ${file}`);
    expect(await auth.authorization()).toBe('Bearer t');
  });

  it('only versions that kapi supports are offered', async () => {
    const auth = await openScript(answer({ token: 't' }, 'client.authentication.k8s.io/v1alpha1'));
    await expect(auth.authorization()).rejects.toMatchObject({
      hint: 'the plugin must answer with client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1: a newer version of it does',
    });
  });

  it('a command with arguments in it', async () => {
    const auth = open(await configWith({ command: 'aws eks get-token --token SECRET' }));
    await expect(auth.authorization()).rejects.toMatchObject({
      message: 'exec: executable aws… not found',
      hint: `command in ${from} contains blanks: it must be the program alone, and its arguments belong in args`,
    });
  });
});

it('a plugin is stopped when all its requests are aborted', async () => {
  const auth = await openScript(
    'echo $$ > "$(dirname "$0")/pid"; echo > "$(dirname "$0")/up"; exec sleep 60',
  );
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = [auth.authorization(first.signal), auth.authorization(second.signal)];
  const settled = Promise.allSettled(asked);
  const directory = dirname(auth.path);
  while (
    !(await readFile(join(directory, 'up'), 'utf8').then(
      () => true,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const pid = Number(await readFile(join(directory, 'pid'), 'utf8'));
  first.abort(new Error('one'));
  expect(() => process.kill(pid, 0)).not.toThrow();
  second.abort(new Error('two'));
  expect(await settled).toMatchObject([{ reason: { message: 'two' } }, { reason: { message: 'two' } }]);
  await expect
    .poll(() => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    })
    .toBe(false);
});
