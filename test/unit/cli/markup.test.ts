import { describe, expect, it } from 'vitest';
import { parseMarkup } from '../../../src/cli/markup.ts';

describe('parseMarkup', () => {
  it('joins the lines of paragraphs and separates them at blank lines', () => {
    expect(parseMarkup('one\ntwo\n\nthree')).toEqual([
      { kind: 'text', text: 'one two', tight: false },
      { kind: 'text', text: 'three', tight: false },
    ]);
  });

  it('recognizes list items with continuation lines', () => {
    expect(parseMarkup('As with curl\n  - first\n    and more\n  2. second')).toEqual([
      { kind: 'text', text: 'As with curl', tight: false },
      { kind: 'item', mark: '-', text: 'first and more', tight: true },
      { kind: 'item', mark: '2.', text: 'second', tight: true },
    ]);
  });

  it('recognizes terms by two spaces, or by a deeper line below', () => {
    expect(parseMarkup('  0    fine\n  1    not\n       so\n  a-long-name\n       its text')).toEqual([
      { kind: 'term', term: '0', text: 'fine', tight: false },
      { kind: 'term', term: '1', text: 'not so', tight: true },
      { kind: 'term', term: 'a-long-name', text: 'its text', tight: true },
    ]);
  });

  it('keeps any other indented line unchanged', () => {
    expect(parseMarkup('Try\n  kapi get /version\n  kapi list pods\n\n  # more')).toEqual([
      { kind: 'text', text: 'Try', tight: false },
      { kind: 'code', line: 'kapi get /version', tight: true },
      { kind: 'code', line: 'kapi list pods', tight: true },
      { kind: 'code', line: '# more', tight: false },
    ]);
  });
});
