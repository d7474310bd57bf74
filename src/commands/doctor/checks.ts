// The checks of kapi doctor. Entry point: connectionChecks(). steps.ts has the order and the
// skipping.

import { suggested } from '../../model/suggestion.ts';
import { askRules } from '../../api/access-review.ts';
import { askReadiness, askServerClock, type ServerClock } from '../../api/server-health.ts';
import { askWhoAmI } from '../../api/self-review.ts';
import type { ClusterConfig } from '../../config/cluster-config.ts';
import { ExitCode, RefusedError } from '../../errors.ts';
import { humanDuration } from '../../model/age.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { once } from '../../model/once.ts';
import type { ConnectionReport, ProbedCertificate, ProbedTls } from '../../transport/probe.ts';
import { credentialName, replacedText, shadowedTexts } from '../config-facts.ts';
import { lifetimesOf, spanText, takenCredential, timeText, warningOf } from '../credential-facts.ts';
import type { Deps } from '../deps.ts';
import { withLocalFacts } from '../refused.ts';
import { failureOf, type Check, type Finding } from './steps.ts';

/**
 * Milliseconds before the end of a server's certificate when doctor warns: kubeadm's certificates
 * are valid for a year, those of kubelets and clouds are renewed earlier.
 */
const certificateSoonMs = 14 * 24 * 3_600_000;

/**
 * Max clock difference in milliseconds without a warning. The Date of a response has whole seconds
 * and is as old as its transfer.
 */
const clockWarnMs = 10_000;
/** Max clock difference in milliseconds. Beyond it tokens and certificates are judged wrongly. */
const clockFailMs = 300_000;

/** The name under which pods reach the API server. */
const serviceName = 'kubernetes.default.svc';

/** Returns all checks. Later ones use the results of earlier ones. */
export function connectionChecks(deps: Deps): readonly Check[] {
  let haveCredentials = false;
  // A failed plugin does not run again for TLS.
  const connection = once(async () => (await deps.probe()).connect(haveCredentials));
  const clock = once(async () => {
    const before = deps.now().getTime();
    const found = await askServerClock(await deps.send(), { signal: deps.signal });
    return { ...found, here: new Date((before + deps.now().getTime()) / 2) };
  });
  return [
    { name: 'configuration', needs: [], look: async () => configuration(await deps.config()) },
    {
      name: 'credentials',
      needs: ['configuration'],
      look: async () => {
        const finding = await credentials(deps);
        haveCredentials = true;
        return finding;
      },
    },
    { name: 'name', needs: ['configuration'], look: async () => name(await connection(), deps) },
    { name: 'tcp', needs: ['name'], look: async () => tcp(await connection()) },
    { name: 'tls', needs: ['tcp'], look: async () => tls(await connection(), deps) },
    { name: 'server', needs: ['tls', 'credentials'], look: async () => server(await clock(), deps) },
    { name: 'clock', needs: ['server'], look: async () => clockSkew(await clock()) },
    {
      name: 'authentication',
      needs: ['tls', 'credentials'],
      look: async () => {
        try {
          return await authentication(deps);
        } catch (thrown) {
          // Adds facts in the refused credentials: usually an expiry in the past.
          throw await withLocalFacts(thrown, deps);
        }
      },
    },
    { name: 'authorization', needs: ['authentication'], look: () => authorization(deps) },
    { name: 'discovery', needs: ['authentication'], look: () => discovery(deps) },
  ];
}

function configuration(config: ClusterConfig): Finding {
  const { server, context, insecureSkipTlsVerify, namespace } = config;
  const details = [
    ...(context === undefined ? [] : [`context ${context.value} (from ${context.origin.text})`]),
    `namespace ${namespace.value} (from ${namespace.origin.text})`,
    ...shadowedTexts(config),
  ];
  const message = `${server.value} (from ${server.origin.text})`;
  if (config.withheld !== undefined) {
    return {
      state: 'warn',
      message,
      details: [...details, `plain http: the credentials from ${config.withheld.text} are not sent`],
      hint: 'write https:// in the server address',
    };
  }
  if (insecureSkipTlsVerify.value) {
    return {
      state: 'warn',
      message,
      details: [
        ...details,
        `the server's certificate is not checked (from ${insecureSkipTlsVerify.origin.text})`,
      ],
      hint: 'name the authority instead: --certificate-authority FILE',
    };
  }
  return { state: 'ok', message, details };
}

async function credentials(deps: Deps): Promise<Finding> {
  const found = await (await deps.credentials()).inspect();
  const now = deps.now();
  const message = found
    .map(({ kind, detail, origin }) => {
      const what = credentialName({ kind, detail });
      return origin.kind === 'default' ? what : `${what} (from ${origin.text})`;
    })
    .join('; ');
  const lifetimes = found.flatMap(lifetimesOf);
  const warnings = lifetimes.flatMap((lifetime) => warningOf(lifetime, now) ?? []);
  const config = await deps.config();
  const replaced = replacedText(config);
  const details = [
    ...lifetimes
      .filter((lifetime) => warningOf(lifetime, now) === undefined)
      .map(({ what, ends }) => `${what} expires ${spanText(ends, now)}`),
    ...(replaced === undefined ? [] : [replaced]),
  ];
  if (config.withheld !== undefined) {
    return {
      state: 'warn',
      message: `not sent over plain http (from ${config.withheld.text})`,
      details: [...warnings, ...details],
    };
  }
  if (warnings.length > 0) {
    return {
      state: 'warn',
      message,
      details: [...warnings, ...details],
      hint: 'get new ones from their issuer',
    };
  }
  if (found.every(({ kind }) => kind === 'anonymous')) {
    const message = 'none: requests go out anonymous';
    if (deps.globals.anonymous === true) {
      return { state: 'ok', message: `${message}, as --anonymous says`, details };
    }
    return {
      state: 'warn',
      message,
      hint: 'name a user with --user or --context, or give --token-file or --client-certificate',
    };
  }
  return { state: 'ok', message, details };
}

async function name(report: ConnectionReport, deps: Deps): Promise<Finding> {
  const { failure, isName, host, via } = report;
  if (failure?.phase === 'resolve') return failureOf(failure.error);
  const by = via === undefined ? '' : ` (through ${via})`;
  if (!(await deps.config()).inPod) {
    if (!isName) return { state: 'ok', message: `${host} is an address${by}` };
    const found = await (await deps.probe()).resolve(host);
    return 'addresses' in found
      ? { state: 'ok', message: `${host} is ${found.addresses.join(', ')}${by}` }
      : { state: 'warn', message: `${host} resolved once and then no more: ${found.code}` };
  }
  const found = await (await deps.probe()).resolve(serviceName);
  if ('addresses' in found) {
    return { state: 'ok', message: `${serviceName} is ${found.addresses.join(', ')}` };
  }
  return {
    state: 'warn',
    message: `${serviceName} does not resolve: ${found.code}`,
    details: [`kapi itself does not need it: it uses ${host} from KUBERNETES_SERVICE_HOST`],
    hint: "look at the pod's dnsPolicy and /etc/resolv.conf, and at the cluster's DNS",
  };
}

function tcp({ failure, address, times, via, host, port }: ConnectionReport): Finding {
  if (failure?.phase === 'connect' || failure?.phase === 'proxy') return failureOf(failure.error);
  const to = address ?? `${host}:${port}`;
  const took =
    times.connectedMs === undefined ? '' : ` in ${ms(times.connectedMs - (times.resolvedMs ?? 0))}`;
  return { state: 'ok', message: `connected to ${to}${via === undefined ? '' : ` (${via})`}${took}` };
}

function tls({ failure, secure, tls: found }: ConnectionReport, deps: Deps): Finding {
  if (failure !== undefined) return failureOf(failure.error);
  if (!secure || found === undefined) {
    return {
      state: 'warn',
      message: 'none: the connection is not encrypted',
      hint: 'use https:// outside of loopback',
    };
  }
  const now = deps.now();
  const details = [
    ...found.chain.map((certificate, at) => chainLine(certificate, at, now)),
    ...(found.names.length > 0 ? [`valid for ${found.names.join(', ')}`] : []),
  ];
  const message = `${found.protocol}, ${found.verified ? 'certificate verified' : 'certificate NOT verified'}`;
  const ending = endingSoon(found, now);
  if (ending !== undefined) {
    return {
      state: 'warn',
      message: `${message}, but ${ending.subject} expires ${spanText(ending.notAfter, now)}`,
      details,
      hint: 'the administrator of the cluster must renew it',
    };
  }
  return { state: found.verified ? 'ok' : 'warn', message, details };
}

function chainLine({ subject, issuer, notAfter }: ProbedCertificate, at: number, now: Date): string {
  const what = at === 0 ? "the server's certificate" : 'its issuer';
  return `${what}: ${subject}; issued by ${issuer}; expires ${spanText(notAfter, now)}`;
}

function endingSoon({ chain }: ProbedTls, now: Date): ProbedCertificate | undefined {
  return chain.find(({ notAfter }) => notAfter.getTime() - now.getTime() < certificateSoonMs);
}

async function server({ version }: ServerClock, deps: Deps): Promise<Finding> {
  const readiness = await askReadiness(await deps.send(), { signal: deps.signal });
  const message = version === undefined ? 'answers, but does not tell its version' : version.gitVersion;
  switch (readiness.kind) {
    case 'ready':
      return { state: 'ok', message: `${message}, ready (${readiness.checks} checks)` };
    case 'untold':
      return {
        state: 'ok',
        message: version === undefined ? message : `${message}; this user may not ask whether it is ready`,
      };
    case 'unready': {
      const failing = readiness.failing.length === 0 ? [] : [`failing: ${readiness.failing.join(', ')}`];
      return {
        state: 'fail',
        message: `${message} is not ready`,
        details: failing,
        hint: 'its operators can see more at /readyz?verbose and in its log',
        code: 'ServerNotReady',
        exitCode: ExitCode.server,
      };
    }
  }
}

function clockSkew({ date, here }: ServerClock & { readonly here: Date }): Finding {
  if (date === undefined) return { state: 'skip', message: 'the server says no time' };
  // A Date without fractions is half a second old on average.
  const skew = here.getTime() - (date.getTime() + 500);
  const size = Math.abs(skew);
  const side = skew > 0 ? 'ahead of' : 'behind';
  if (size < clockWarnMs)
    return { state: 'ok', message: `within ${humanDuration(Math.max(1_000, size))} of the server's` };
  const finding = {
    message: `this machine's clock is ${humanDuration(size)} ${side} the server's (${timeText(date)})`,
    hint: 'set one of the clocks: certificates and tokens are judged by time',
  };
  return size < clockFailMs
    ? { state: 'warn', ...finding }
    : { state: 'fail', ...finding, code: 'ClockSkew', exitCode: ExitCode.config };
}

async function authentication(deps: Deps): Promise<Finding> {
  const answer = await askWhoAmI(await deps.send(), { signal: deps.signal });
  const as = (await deps.config()).impersonation;
  const acting = as === undefined ? [] : [`acting as ${as.user} (from ${as.origin.text})`];
  switch (answer.kind) {
    case 'user': {
      const { username, groups } = answer.user;
      const sent = await (await deps.credentials()).inspect();
      const taken = takenCredential(sent, answer.user, as !== undefined);
      return {
        state: 'ok',
        message: `the server authenticates you as ${username}`,
        details: [
          ...acting,
          ...(taken === undefined
            ? []
            : [`of the credentials it took: ${taken.kind ?? 'unknown'} (${taken.because})`]),
          ...(groups.length === 0 ? [] : [`groups: ${groups.join(', ')}`]),
        ],
      };
    }
    case 'forbidden': {
      const { username, error } = answer;
      const sent = (await (await deps.credentials()).inspect()).filter(
        ({ kind }) => kind !== 'anonymous' && kind !== 'withheld',
      );
      if (username === 'system:anonymous' && sent.length > 0 && as === undefined) {
        return {
          state: 'warn',
          message: 'the server treats you as anonymous although kapi sent credentials',
          details: acting,
          hint: `it has no use for ${sent.map(({ kind }) => kind).join(', ')}: API servers take certificates and bearer tokens`,
        };
      }
      return {
        state: 'warn',
        message:
          username === ''
            ? error.message
            : `the server authenticates you as ${username}, which may not ask who it is`,
        details: acting,
        hint:
          username === 'system:anonymous' && as === undefined
            ? 'no credential was sent: name a user with --user or --context'
            : 'the ClusterRole system:basic-user gives this right; it is bound to all authenticated users by default',
      };
    }
    case 'missing':
      return {
        state: 'warn',
        message: 'credentials were not refused, but the selfsubjectreviews API is not enabled in the cluster',
        details: acting,
        hint: `${suggested('whoami')} shows what can be told without it`,
      };
  }
}

/** Groups that every authenticated user can access by default, for questions about itself. */
const basicGroups = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

async function authorization(deps: Deps): Promise<Finding> {
  const namespace = (await deps.config()).namespace.value;
  try {
    const { rules, incomplete, evaluationError } = await askRules(await deps.send(), namespace, {
      signal: deps.signal,
    });
    const own = rules.filter(
      ({ apiGroups, resources }) =>
        resources.length > 0 && !apiGroups.every((group) => basicGroups.has(group)),
    );
    if (own.length === 0 && !incomplete) {
      return {
        state: 'warn',
        message: `no right on any resource in namespace ${namespace}`,
        hint: `another namespace (-n)? ${suggested('can-i', 'VERB', 'TYPE', '--suggest-rbac')} prints the role to ask for`,
      };
    }
    return {
      state: 'ok',
      message: `${own.length} ${own.length === 1 ? 'rule' : 'rules'} on resources in namespace ${namespace}`,
      details: incomplete ? [`there may be more: ${evaluationError}`] : [],
      hint: `${suggested('can-i', '--list')} prints them`,
    };
  } catch (thrown) {
    if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 403) throw thrown;
    return { state: 'warn', message: 'this user may not even ask what it may do', details: [thrown.message] };
  }
}

async function discovery(deps: Deps): Promise<Finding> {
  try {
    const { groups, problems } = await (await deps.discovery()).surface('current');
    const versions = groups.flatMap((group) =>
      group.versions.map(({ version }) => apiVersionOf({ group: group.name, version })),
    );
    const message = `${groups.length} groups, ${versions.length} versions`;
    if (problems.length === 0) return { state: 'ok', message };
    return {
      state: 'warn',
      message: `${message}; ${problems.length} cannot be read`,
      details: problems.map(({ groupVersion, reason }) => `${groupVersion}: ${reason}`),
      hint: `${suggested('list', 'apiservices')} shows which API behind the server does not answer`,
    };
  } catch (thrown) {
    if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 403) throw thrown;
    return {
      state: 'warn',
      message: 'this user may not read discovery',
      details: [thrown.message],
      hint: 'the ClusterRole system:discovery gives this right; it is bound to all authenticated users by default',
    };
  }
}

function ms(time: number): string {
  return time < 10 ? `${time.toFixed(1)} ms` : `${Math.round(time)} ms`;
}
