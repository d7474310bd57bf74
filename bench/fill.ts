// Fills a server with the generated objects, and reads what a server contains. Entry points: fill,
// readFilling, clean.
import { definitionsOf, podsOf, type GeneratedPod } from './generated.ts';
import { benchLabel, type FilledNamespace } from './layout.ts';
import { inParallel, type Writer } from './writer.ts';

/** The content that the cases can use. */
export interface Filling {
  readonly namespaces: readonly FilledNamespace[];
  /** Pods of the whole server, including those of others. */
  readonly pods: number;
  /** Custom types of the generator. */
  readonly definitions: number;
}

const podsAnnotation = `${benchLabel}/pods`;
const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const selector = `labelSelector=${benchLabel}`;
/** Max time until the server serves a new type. */
const establishedWithinMs = 60_000;

/**
 * Creates missing objects. The label of a namespace has its number of pods once it is complete.
 * @param say prints a line of progress
 */
export async function fill(
  writer: Writer,
  plan: readonly FilledNamespace[],
  definitions: number,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  await inParallel(plan, async ({ name }) => {
    await writer.must(
      'POST',
      '/api/v1/namespaces',
      { metadata: { name, labels: { [benchLabel]: 'true' } } },
      409,
    );
    // No controller creates it on a bare API server, and without it no pod is admitted.
    await writer.must(
      'POST',
      `/api/v1/namespaces/${name}/serviceaccounts`,
      { metadata: { name: 'default' } },
      409,
    );
  });
  await inParallel(definitionsOf(definitions), async (definition) => {
    await writer.must('POST', definitionsPath, definition, 409);
  });
  const total = plan.reduce((sum, { pods }) => sum + pods, 0);
  let done = 0;
  await inParallel(allPods(plan), async (pod) => {
    await createPod(writer, pod);
    done += 1;
    if (done % 5_000 === 0) say(`${done} of ${total} pods, ${secondsSince(startedAt)} s`);
  });
  await inParallel(plan, async ({ name, pods }) => {
    const metadata = { annotations: { [podsAnnotation]: `${pods}` } };
    await writer.must('PATCH', `/api/v1/namespaces/${name}`, { metadata });
  });
  if (definitions > 0) await untilEstablished(writer, definitions);
  say(
    `${total} pods in ${plan.length} namespaces and ${definitions} custom types, ${secondsSince(startedAt)} s`,
  );
}

function* allPods(plan: readonly FilledNamespace[]): Generator<GeneratedPod> {
  const now = new Date();
  for (const namespace of plan) yield* podsOf(namespace, now);
}

async function createPod(writer: Writer, { path, name, object, status }: GeneratedPod): Promise<void> {
  await writer.must('POST', `${path}?fieldManager=kube-controller-manager`, object, 409);
  await writer.must('PUT', `${path}/${name}/status?fieldManager=kubelet`, { ...object, status });
}

async function untilEstablished(writer: Writer, definitions: number): Promise<void> {
  const deadline = Date.now() + establishedWithinMs;
  for (;;) {
    const text = JSON.stringify(await writer.must('GET', `${definitionsPath}?${selector}`));
    const established = text.split('"type":"Established"').length - 1;
    if (established >= definitions) return;
    if (Date.now() > deadline)
      throw new Error(`only ${established} of ${definitions} custom types are established`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Returns the generated objects on this server. No namespaces if it was never filled. */
export async function readFilling(writer: Writer): Promise<Filling> {
  const namespaces = itemsOf(await writer.must('GET', `/api/v1/namespaces?${selector}`));
  const definitions = itemsOf(await writer.must('GET', `${definitionsPath}?${selector}`));
  const first = (await writer.must('GET', '/api/v1/pods?limit=1')) as {
    readonly items: readonly unknown[];
    readonly metadata: { readonly remainingItemCount?: number };
  };
  return {
    namespaces: namespaces.flatMap(({ metadata: { name, annotations } }) => {
      const pods = Number(annotations?.[podsAnnotation]);
      return Number.isNaN(pods) ? [] : [{ name, pods }];
    }),
    pods: first.items.length + (first.metadata.remainingItemCount ?? 0),
    definitions: definitions.length,
  };
}

/** Removes the objects of {@link fill}. The server continues to delete after this returns. */
export async function clean(writer: Writer, say: (line: string) => void): Promise<void> {
  const namespaces = itemsOf(await writer.must('GET', `/api/v1/namespaces?${selector}`));
  await inParallel(namespaces, async ({ metadata: { name } }) => {
    await writer.must('DELETE', `/api/v1/namespaces/${name}/pods?gracePeriodSeconds=0`);
    await writer.must('DELETE', `/api/v1/namespaces/${name}`, undefined, 404);
  });
  await writer.must('DELETE', `${definitionsPath}?${selector}`);
  say(`${namespaces.length} namespaces and the custom types are being deleted`);
}

interface Item {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

function itemsOf(list: unknown): readonly Item[] {
  return (list as { readonly items: readonly Item[] }).items;
}

function secondsSince(startedAt: number): number {
  return Math.round((Date.now() - startedAt) / 1_000);
}
