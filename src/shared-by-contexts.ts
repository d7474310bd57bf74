// What all contexts of a run share: files, the kubeconfig, exec plugins. Entry point:
// shareBetweenContexts().

import type { Authenticator } from './auth/authenticator.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import { readFileAsText, type ConfigInput } from './config/input.ts';
import { loadKubeconfig, type Kubeconfig } from './config/kubeconfig.ts';
import type { SharedByContexts } from './world.ts';

/** Max exec plugins in parallel that cannot prompt. */
const maxPlugins = 8;

/**
 * Makes the shared parts of one run.
 * @param prompts told when a plugin begins that can prompt, with the promise of its end
 */
export function shareBetweenContexts(
  prompts: (done: Promise<unknown>) => void = () => undefined,
): SharedByContexts {
  const files = new Map<string, Promise<string>>();
  const authenticators = new Map<string, Authenticator>();
  let kubeconfig: Promise<Kubeconfig> | undefined;
  const oneAtATime = limited(1);
  const severalAtATime = limited(maxPlugins);
  const readFile = (path: string): Promise<string> => {
    const read = files.get(path) ?? readFileAsText(path);
    files.set(path, read);
    return read;
  };
  return {
    readFile,
    kubeconfig: (input) => (kubeconfig ??= loadKubeconfig(withoutLoadedKubeconfig(input))),
    authenticator: (config, open) => {
      const key = pluginKey(config);
      if (key === undefined) return open();
      const authenticator = authenticators.get(key) ?? open();
      authenticators.set(key, authenticator);
      return authenticator;
    },
    pluginTurn: (isInteractive, run) =>
      isInteractive
        ? oneAtATime(() => {
            const done = run();
            prompts(done);
            return done;
          })
        : severalAtATime(run),
  };
}

/** The input of the files themselves. */
function withoutLoadedKubeconfig(input: ConfigInput): ConfigInput {
  return { ...input, kubeconfig: undefined } as ConfigInput;
}

/**
 * Returns a key that is equal for contexts whose plugin returns the same credential. Undefined if
 * the credential can depend on the cluster.
 */
function pluginKey({ authorization }: ClusterConfig): string | undefined {
  if (authorization.kind !== 'exec' || authorization.exec.provideClusterInfo) return undefined;
  return JSON.stringify(authorization.exec);
}

/** Limits the number of parallel runs. */
function limited(max: number): <Value>(run: () => Promise<Value>) => Promise<Value> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
