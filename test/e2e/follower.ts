// Applies the events of `kapi watch -o ndjson` and records every impossible event. Entry point:
// Follower.
import { isDeepStrictEqual } from 'node:util';
import type { Readable } from 'node:stream';

interface Followed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** The state that a watch has reported. */
export class Follower {
  readonly objects = new Map<string, Followed>();
  /** Events that contradict what came before them. */
  readonly contradictions: string[] = [];
  /** How many of each. */
  readonly counts = { ADDED: 0, MODIFIED: 0, DELETED: 0 };
  #rest = '';

  /** Starts to read a stream. */
  follow(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#apply(line);
    });
  }

  /**
   * Returns the differences from the server's list, in all fields except managedFields and
   * resourceVersion.
   */
  differencesTo(items: readonly unknown[]): string[] {
    const differences: string[] = [];
    const there = new Map(items.map((item) => [nameOf(item), comparable(item)]));
    for (const [name, object] of this.objects) {
      const other = there.get(name);
      if (other === undefined) differences.push(`${name} is gone on the server`);
      else if (!isDeepStrictEqual(comparable(object), other))
        differences.push(`${name} is different on the server`);
    }
    for (const name of there.keys()) if (!this.objects.has(name)) differences.push(`${name} was never told`);
    return differences;
  }

  #apply(line: string): void {
    const { type, object }: { type: keyof Follower['counts']; object: Followed } = JSON.parse(line);
    const { name, uid, resourceVersion } = object.metadata;
    const known = this.objects.get(name);
    const what = `${type} ${name} ${resourceVersion}`;
    this.counts[type]++;
    if (type === 'DELETED') {
      if (known === undefined) this.contradictions.push(`${what}: it was not there`);
      else if (known.metadata.uid !== uid) this.contradictions.push(`${what}: another one was there`);
      this.objects.delete(name);
      return;
    }
    if (type === 'ADDED' && known !== undefined) this.contradictions.push(`${what}: it was there already`);
    if (type === 'MODIFIED' && known?.metadata.uid !== uid)
      this.contradictions.push(`${what}: it was not there`);
    if (known?.metadata.resourceVersion === resourceVersion) this.contradictions.push(`${what}: twice`);
    if (known?.metadata.uid === uid && Number(known.data?.['n']) >= Number(object.data?.['n'])) {
      this.contradictions.push(
        `${what}: number ${object.data?.['n'] ?? ''} after ${known.data?.['n'] ?? ''}`,
      );
    }
    this.objects.set(name, object);
  }
}

function nameOf(item: unknown): string {
  return (item as Followed).metadata.name;
}

function comparable(item: unknown): unknown {
  const { metadata, data } = item as Followed;
  const { name, uid, resourceVersion } = metadata;
  return { name, uid, resourceVersion, data };
}
