// kapi explain over a scripted server with a small OpenAPI document.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/object.ts';
import { replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/io.k8s.api.core.v1.${name}` });
const pod = { group: '', version: 'v1', kind: 'Pod' };

const document = {
  paths: {
    '/api/v1/namespaces/{namespace}/pods': { get: { 'x-kubernetes-group-version-kind': pod } },
    '/api/v1/namespaces/{namespace}/events': {
      get: { 'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Event' } },
    },
  },
  components: {
    schemas: {
      'io.k8s.api.core.v1.Pod': {
        type: 'object',
        description: 'Pod is a collection of containers.',
        properties: { spec: { default: {}, allOf: [ref('PodSpec')], description: 'What is wanted.' } },
        'x-kubernetes-group-version-kind': [pod],
      },
      'io.k8s.api.core.v1.PodSpec': {
        type: 'object',
        description: 'PodSpec is a description of a pod.',
        required: ['containers'],
        properties: {
          containers: {
            type: 'array',
            items: { default: {}, allOf: [ref('Container')] },
            description: 'Containers.',
          },
          nodeSelector: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'Where to run.',
          },
          restartPolicy: {
            type: 'string',
            description: 'When to restart. See \u001b[31mthe docs\u001b[0m.',
            enum: ['Always', 'Never', 'OnFailure'],
            default: 'Always',
          },
        },
      },
      'io.k8s.api.core.v1.Container': {
        type: 'object',
        description: 'A container.',
        required: ['name'],
        properties: {
          name: { type: 'string', description: 'Its name. Each container has one.', default: '' },
          image: { type: 'string', description: 'Its image.' },
        },
      },
      'io.k8s.api.core.v1.Event': {
        type: 'object',
        'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Event' }],
        properties: { message: { type: 'string' } },
      },
    },
  },
};

const index: Exchange = {
  request: 'GET /openapi/v3',
  reply: {
    body: {
      paths: {
        'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=A1' },
        'apis/events.k8s.io/v1': { serverRelativeURL: '/openapi/v3/apis/events.k8s.io/v1?hash=B2' },
      },
    },
  },
};
const core: Exchange = { request: 'GET /openapi/v3/api/v1?hash=A1', reply: { body: document } };
const discovery: readonly Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];

describe('kapi explain', () => {
  it('explains a well-known type with two requests', async () => {
    const run = await runKapi('explain pods', { replies: [index, core] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      'KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    Pod is a collection of containers.\n    \n' +
        'FIELDS:\n  spec\t<PodSpec>\n    What is wanted.\n\n\n',
    );
  });

  it.each(['po.spec.containers.image', 'Pod.spec.containers[0].image', "pods['spec'].containers[*].image."])(
    'takes %s for one field',
    async (path) => {
      const run = await runKapi(['explain', path], { replies: [index, core] });
      expect(run.stdout).toContain('FIELD: image <string>\n\n\nDESCRIPTION:\n    Its image.\n');
    },
  );

  it('shows control characters instead of sending them to the terminal', async () => {
    const run = await runKapi('explain pods.spec.restartPolicy', { replies: [index, core] });
    expect(run.stdout).toContain('See ^[[31mthe docs^[[0m.');
    expect(run.stdout).toContain('ENUM:\n    Always\n    Never\n    OnFailure\n');
  });

  it('colours on a terminal, and changes nothing else', async () => {
    const plain = await runKapi('explain pods.spec', { replies: [index, core] });
    const coloured = await runKapi('explain pods.spec', { replies: [index, core], tty: true });
    expect(coloured.stdout).toContain('\u001b[1mFIELDS:\u001b[22m');
    expect(coloured.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  it('shows levels with defaults', async () => {
    const run = await runKapi('explain pods --depth 2', { replies: [index, core] });
    expect(run.stdout.slice(run.stdout.indexOf('FIELDS:'))).toBe(
      'FIELDS:\n  spec\t<PodSpec>\n    containers\t<[]Container> -required-\n    nodeSelector\t<map[string]string>\n' +
        '    restartPolicy\t<string> default: Always\n    enum: Always, Never, OnFailure\n\n',
    );
  });

  it('gives the schema with its references resolved', async () => {
    const run = await runKapi('explain pods.spec.containers -o json', { replies: [index, core] });
    expect(JSON.parse(run.stdout)).toEqual({
      type: 'array',
      description: 'Containers.',
      items: { default: {}, ...document.components.schemas['io.k8s.api.core.v1.Container'] },
    });
  });
});

describe('a missing field', () => {
  it.each([
    [
      'pods.spec.contaners',
      'error: field "contaners" does not exist\n' +
        'hint: pods.spec has no field "contaners": did you mean "containers"?\n' +
        '      `kapi explain pods.spec` lists its fields\n',
    ],
    [
      'po.spek.containers',
      'error: field "containers" does not exist\n' +
        'hint: po has no field "spek": did you mean "spec"?\n' +
        '      `kapi explain po` lists its fields\n',
    ],
    [
      'pods.image',
      'error: field "image" does not exist\n' +
        'hint: pods has no field "image"\n' +
        '      there is pods.spec.containers.image\n' +
        '      `kapi explain pods` lists its fields\n',
    ],
    [
      'pods.spec.nodeSelector.disk',
      'error: field "disk" does not exist\n' +
        'hint: pods.spec.nodeSelector is of type map[string]string and has no documented fields\n' +
        '      `kapi explain pods.spec.nodeSelector` lists its fields\n',
    ],
  ])('%s: the suggestion', async (path, stderr) => {
    const run = await runKapi(['explain', path], { replies: [index, core, ...discovery] });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr });
  });
});

describe('which type is meant', () => {
  it('is asked of the server where the well-known one leads nowhere', async () => {
    const event = { group: 'events.k8s.io', version: 'v1', kind: 'Event' };
    const other: Exchange = {
      request: 'GET /openapi/v3/apis/events.k8s.io/v1?hash=B2',
      reply: {
        body: {
          paths: { '/apis/events.k8s.io/v1/events': { get: { 'x-kubernetes-group-version-kind': event } } },
          components: {
            schemas: {
              Event: {
                'x-kubernetes-group-version-kind': [event],
                properties: { note: { type: 'string', description: 'A note.' } },
              },
            },
          },
        },
      },
    };
    const run = await runKapi('explain events.events.k8s.io.note', {
      replies: [index, core, ...discovery, other],
    });
    expect(run.stdout).toContain(
      'GROUP:      events.k8s.io\nKIND:       Event\nVERSION:    v1\n\nFIELD: note <string>\n',
    );
  });

  it('cannot be a category or an unknown word', async () => {
    for (const name of ['all', 'podz']) {
      const run = await runKapi(['explain', name], { replies: discovery });
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(`error: the server doesn't have a resource type "${name}"\n`);
    }
  });

  it("--api-version chooses another version, in kubectl's words where it is not there", async () => {
    const older = await runKapi('explain pods --api-version v2', { replies: [index, ...discovery] });
    expect(older.stderr).toContain('error: couldn\'t find resource for "/v2, Resource=pods"\n');
    const wrong = await runKapi('explain deploy --api-version v1', { replies: [index, core, ...discovery] });
    expect(wrong.stderr).toContain('error: GVR (/v1, Resource=deployments) not found in OpenAPI schema\n');
  });

  it.each([
    ['explain', 'missing'],
    ['explain pods services', 'too many'],
    ['explain .', 'you must specify the type of resource to explain'],
    ['explain pods --depth 0', 'invalid value "0" of --depth'],
    ['explain pods --api-version a/b/c', 'unexpected GroupVersion string: a/b/c'],
  ])('kapi %s is a mistake', async (line, words) => {
    const run = await runKapi(line);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(words === 'missing' || words === 'too many' ? 'error: ' : words);
  });
});

describe('--search', () => {
  it('finds names and descriptions at any depth', async () => {
    const run = await runKapi('explain pods --search NAME', { replies: [index, core] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      'FIELD                       TYPE                DEFAULT   DESCRIPTION\n' +
        'pods.spec.containers.name   string (required)             Its name.\n',
    );
  });

  it('shows defaults, and the sentence that has the word', async () => {
    const run = await runKapi('explain pods.spec --search docs', { replies: [index, core] });
    expect(run.stdout).toBe(
      'FIELD                     TYPE     DEFAULT   DESCRIPTION\n' +
        'pods.spec.restartPolicy   string   Always    See ^[[31mthe docs^[[0m.\n',
    );
  });

  it('gives programs everything of them', async () => {
    const run = await runKapi('explain pods --search restart -o ndjson', { replies: [index, core] });
    expect(JSON.parse(run.stdout)).toEqual({
      field: 'pods.spec.restartPolicy',
      type: 'string',
      required: false,
      default: 'Always',
      enum: ['Always', 'Never', 'OnFailure'],
      description: 'When to restart. See \u001b[31mthe docs\u001b[0m.',
    });
  });

  it('says so where nothing is found', async () => {
    expect(await runKapi('explain pods --search zebra', { replies: [index, core] })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No fields of pods have "zebra" in their name or description.\n',
    });
  });
});

describe('a field with dots in its name', () => {
  const { schemas } = document.components;
  const dotted = {
    ...document,
    components: {
      schemas: {
        ...schemas,
        'io.k8s.api.core.v1.PodSpec': {
          type: 'object',
          properties: {
            'auth.anonymous': {
              type: 'object',
              properties: { 'a[0]\\b': { type: 'string', enum: ['one\ntwo'], default: '' } },
            },
          },
        },
      },
    },
  };
  const replies = [index, { ...core, reply: { body: dotted } }];

  it('is printed by --search as explain reads it', async () => {
    const run = await runKapi('explain pods --search [0] -o ndjson', { replies });
    const { field } = JSON.parse(run.stdout) as { readonly field: string };
    expect(field).toBe(String.raw`pods.spec.auth\.anonymous.a\[0\]\\b`);
    expect((await runKapi(['explain', 'pods', '--search', '[0]'], { replies })).stdout).toContain(field);
    const found = await runKapi(['explain', field], { replies });
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toContain('FIELD: a[0]\\b <string>\nENUM:\n    "one\\ntwo"\n');
  });

  it('is suggested for the name without a backslash', async () => {
    for (const rest of ['', '.x']) {
      const run = await runKapi(`explain pods.spec.auth.anonymous${rest}`, {
        replies: [...replies, ...discovery],
      });
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(
        "a dot in the name of a field needs a backslash: `kapi explain 'pods.spec.auth\\.anonymous'`\n",
      );
    }
    const deeper = await runKapi(['explain', String.raw`pods.spec.auth\.anonymous.b`], {
      replies: [...replies, ...discovery],
    });
    expect(deeper.stderr).toContain(String.raw`pods.spec.auth\.anonymous has no field "b"`);
  });

  it('and its values stay on one line with --depth', async () => {
    const run = await runKapi('explain pods.spec --depth 2', { replies });
    expect(run.stdout).toContain('a[0]\\b\t<string>\n    enum: "one\\ntwo"\n');
  });
});
