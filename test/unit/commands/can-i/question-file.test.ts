import { describe, expect, it } from 'vitest';
import { readQuestionFile, type FileQuestion } from '../../../../src/commands/can-i/question-file.ts';
import { parseDocument } from '../../../../src/config/document.ts';

const read = (text: string, name = 'rights'): Promise<readonly FileQuestion[]> =>
  readQuestionFile(text, name, parseDocument);

describe('readQuestionFile', () => {
  it('reads lines as on the command line', async () => {
    const text = [
      '\uFEFF# what CI needs',
      'get pods -n dev   # read',
      '',
      'create pods/exec web-0 --namespace=dev',
      '! delete secrets -A',
      'get pods --subresource log',
      "'*' '*'",
      'get /metrics\r',
    ].join('\n');
    expect(await read(text)).toEqual([
      { verb: 'get', target: 'pods', namespace: 'dev', expect: 'yes', place: 'line 2' },
      {
        verb: 'create',
        target: 'pods/exec',
        name: 'web-0',
        namespace: 'dev',
        expect: 'yes',
        place: 'line 4',
      },
      { verb: 'delete', target: 'secrets', namespace: '', expect: 'no', place: 'line 5' },
      { verb: 'get', target: 'pods', subresource: 'log', expect: 'yes', place: 'line 6' },
      { verb: '*', target: '*', expect: 'yes', place: 'line 7' },
      { verb: 'get', target: '/metrics', expect: 'yes', place: 'line 8' },
    ]);
  });

  it.each([
    [
      'YAML',
      '# c\n- get pods -n dev\n- verb: delete\n  resource: deployments\n  group: apps\n  expect: no\n',
    ],
    [
      'JSON',
      '["get pods -n dev", {"verb": "delete", "resource": "deployments", "group": "apps", "expect": "no"}]',
    ],
  ])('reads a list in %s', async (_, text) => {
    expect(await read(text)).toEqual([
      { verb: 'get', target: 'pods', namespace: 'dev', expect: 'yes', place: 'item 1' },
      { verb: 'delete', target: 'deployments.apps', expect: 'no', place: 'item 2' },
    ]);
  });

  it.each([
    ['', 'it contains no question'],
    ['# only\n', 'it contains no question'],
    ['get', 'line 1: expected VERB TYPE [NAME] or VERB /PATH'],
    ['get pods a b', 'line 1: expected VERB TYPE [NAME] or VERB /PATH'],
    [
      'get pods --as jane',
      'line 1: --as is not a flag of a question (-n, -A, --subresource, -l, --field-selector)',
    ],
    ['get pods -n', 'line 1: -n needs a value'],
    ['[1]', 'item 1 is neither a line nor an object'],
    ['[{"verb":"get"}]', 'item 1 needs a verb, and either resource or path'],
    ['[{"verb":"get","resource":"pods","path":"/x"}]', 'item 1 needs a verb, and either resource or path'],
    ['[{"verb":"get","resource":"pods","expect":"maybe"}]', 'expect of item 1 is neither yes nor no'],
    ['[{"verb":1,"resource":"pods"}]', 'verb of item 1 is not text'],
    [
      '[{"verb":"get","resources":"pods"}]',
      'item 1 has a field "resources"; there are verb, resource, group, subresource, name, namespace, path, expect, labelSelector, fieldSelector',
    ],
  ])('refuses %j', async (text, problem) => {
    await expect(read(text)).rejects.toMatchObject({
      exitCode: 2,
      message: `reading questions from rights: ${problem}`,
    });
  });

  it('trusts the extension of a file', async () => {
    await expect(read('get pods', 'rights.yaml')).rejects.toThrow('expected a list of questions');
  });
});
