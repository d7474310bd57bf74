// Events of both APIs as one shape, and which of them are about an object.
import { describe, expect, it } from 'vitest';
import {
  byLastSeen,
  eventOf,
  eventsOfObject,
  eventSelector,
  listObjectEvents,
} from '../../../src/api/object-events.ts';
import type { KubeObject } from '../../../src/model/object.ts';
import { scriptedSend } from '../../scripted-send.ts';

const at = (second: number): string => `2026-01-02T03:04:${String(second).padStart(2, '0')}Z`;

function event(content: object, name = 'e'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default', creationTimestamp: at(1) },
    ...content,
  };
}

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u1' },
};
const about = (fields: object = {}): object => ({
  involvedObject: {
    apiVersion: 'v1',
    kind: 'Pod',
    name: 'web',
    namespace: 'default',
    uid: 'u1',
    ...fields,
  },
});

describe('eventOf', () => {
  it('reads events of v1 with first and last time and a count', () => {
    const read = eventOf(
      event({
        ...about({ fieldPath: 'spec.containers{app}' }),
        ...{ type: 'Warning', reason: 'BackOff', message: 'back-off', source: { component: 'kubelet' } },
        ...{ count: 7, firstTimestamp: at(2), lastTimestamp: at(9), eventTime: null },
      }),
    );
    expect(read).toMatchObject({
      ...{ type: 'Warning', reason: 'BackOff', message: 'back-off', source: 'kubelet', count: 7 },
      ...{ firstSeen: at(2), lastSeen: at(9) },
      subject: { kind: 'Pod', name: 'web', uid: 'u1', fieldPath: 'spec.containers{app}' },
    });
  });

  it('reads events of events.k8s.io, whose fields have other names', () => {
    const read = eventOf(
      event({
        regarding: { kind: 'Pod', name: 'web', namespace: 'default', uid: 'u1' },
        ...{ type: 'Normal', reason: 'Scheduled', note: 'assigned', reportingController: 'scheduler' },
        ...{ eventTime: '2026-01-02T03:04:03.000001Z', series: { count: 3, lastObservedTime: at(8) } },
      }),
    );
    expect(read).toMatchObject({ message: 'assigned', source: 'scheduler', count: 3, lastSeen: at(8) });
  });

  it('takes the creation time where an event has no time of its own, and never the zero time', () => {
    expect(
      eventOf(event({ ...about(), firstTimestamp: null, lastTimestamp: '0001-01-01T00:00:00Z' })),
    ).toMatchObject({ firstSeen: at(1), lastSeen: at(1), count: 1 });
  });

  it('takes the latest of the times, whichever field has it', () => {
    expect(
      eventOf(event({ ...about(), eventTime: at(3), deprecatedLastTimestamp: at(7), lastTimestamp: null })),
    ).toMatchObject({ lastSeen: at(7) });
  });

  it('survives events whose fields are missing or of another type', () => {
    expect(eventOf(event({ involvedObject: 'x', count: '7', source: [], series: 3 }))).toMatchObject({
      ...{ count: 1, source: '', lastSeen: at(1) },
      subject: { kind: '', name: '' },
    });
  });
});

describe('eventsOfObject', () => {
  const events = [
    event({ ...about(), reason: 'same' }),
    event({ ...about({ uid: 'u0' }), reason: 'predecessor' }),
    event({ ...about({ uid: '' }), reason: 'without uid' }),
    event({ ...about({ kind: 'Deployment' }), reason: 'other kind' }),
    event({ ...about({ namespace: 'other', uid: '' }), reason: 'other namespace' }),
  ].map(eventOf);

  it('keeps events of the same UID, and of no UID with the same name', () => {
    expect(eventsOfObject(events, pod).map(({ reason }) => reason)).toEqual(['same', 'without uid']);
  });

  it('knows that the kubelet writes the name of a node where the UID belongs', () => {
    const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'u9' } };
    const ofNode = event({ involvedObject: { kind: 'Node', name: 'n1', uid: 'n1' }, reason: 'NodeReady' });
    expect(eventsOfObject([eventOf(ofNode)], node)).toHaveLength(1);
  });
});

it('sorts by the time last seen, newest last, and unreadable times first', () => {
  const seen = (name: string, lastTimestamp: string): KubeObject => event({ lastTimestamp }, name);
  const sorted = byLastSeen([seen('c', at(9)), seen('a', at(3)), seen('b', at(5))].map(eventOf));
  expect(sorted.map(({ object }) => object.metadata['name'])).toEqual(['a', 'b', 'c']);
});

it('escapes names in the field selector', () => {
  expect(eventSelector({ kind: 'Pod', name: 'a,b=c' })).toBe(
    String.raw`involvedObject.kind=Pod,involvedObject.name=a\,b\=c`,
  );
});

it('asks for the events of a kind and name with one request', async () => {
  const script = scriptedSend([
    {
      request:
        'GET /api/v1/namespaces/default/events?fieldSelector=involvedObject.kind%3DPod%2CinvolvedObject.name%3Dweb&limit=500',
      reply: {
        body: {
          apiVersion: 'v1',
          kind: 'EventList',
          metadata: {},
          items: [event({ ...about(), reason: 'x' })],
        },
      },
    },
  ]);
  const found = await listObjectEvents(
    script.send,
    { kind: 'Pod', name: 'web', namespace: 'default' },
    { now: () => new Date(), warn: () => undefined },
  );
  expect(found.map(({ reason }) => reason)).toEqual(['x']);
  script.verify();
});
