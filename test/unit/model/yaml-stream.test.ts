// Where one YAML document ends and the next begins.
import { expect, it } from 'vitest';
import { splitYamlStream } from '../../../src/model/yaml-stream.ts';

it.each([
  ['one document', 'a: 1\n', ['a: 1\n']],
  ['a separator at the start', '---\na: 1\n', ['\na: 1\n']],
  ['two', 'a: 1\n---\nb: 2\n', ['a: 1\n', '\nb: 2\n']],
  ['lines of Windows', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '\r\nb: 2\r\n']],
  ['a comment on the separator', 'a: 1\n--- # second\nb: 2\n', ['a: 1\n', ' # second\nb: 2\n']],
  ['content on the separator', '--- {a: 1}\n--- {b: 2}\n', [' {a: 1}\n', ' {b: 2}\n']],
  ['documents of comments and blank lines', '# head\n---\na: 1\n---\n\n# tail\n---\n', ['\na: 1\n']],
  ['an indented line in a value', 'a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
  ['a key that begins with dashes', '---a: 1\n', ['---a: 1\n']],
  ['nothing', '', []],
])('splits a stream: %s', (_, text, documents) => {
  expect(splitYamlStream(text)).toEqual(documents);
});
