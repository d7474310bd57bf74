// Values that are hard to print: strings that YAML would read as another type, escape sequences for
// terminals, numbers beyond a double. Entry points: oddConfigMaps, bigNumberWidget.

/** ConfigMaps of the namespace `odd`. */
export const oddConfigMaps = [
  {
    metadata: { name: 'yaml-traps' },
    data: {
      'bool-true': 'true',
      'bool-yes': 'yes',
      'bool-off': 'off',
      'bool-y': 'y',
      'null-word': 'null',
      'null-tilde': '~',
      empty: '',
      space: ' ',
      'leading-space': ' x',
      'trailing-space': 'x ',
      integer: '12345678901234567890',
      octal: '0777',
      'octal-new': '0o17',
      hex: '0x1F',
      float: '1.50',
      exponent: '1e3',
      infinity: '.inf',
      nan: '.NaN',
      underscores: '1_000',
      sexagesimal: '190:20:30',
      date: '2024-01-02',
      timestamp: '2024-01-02T03:04:05Z',
      version: '1.10',
      dash: '-',
      'dash-item': '- x',
      colon: 'a: b',
      'colon-end': 'a:',
      hash: 'a #b',
      'hash-start': '#b',
      anchor: '&a',
      alias: '*a',
      tag: '!!str x',
      percent: '%x',
      at: '@x',
      backtick: '`x`',
      'single-quote': "it's",
      'single-start': "'x",
      'double-quote': 'say "x"',
      'double-start': '"x',
      braces: '{a: 1}',
      brackets: '[1, 2]',
      pipe: '|',
      greater: '>',
      question: '? x',
      comma: 'a, b',
      equals: '=',
      merge: '<<',
      document: '---',
      'document-end': '...',
      backslash: 'a\\b',
    },
  },
  {
    metadata: { name: 'lines' },
    data: {
      'two.txt': 'one\ntwo\n',
      'no-end.txt': 'one\ntwo',
      'many-ends.txt': 'one\n\n\n',
      'only-newline': '\n',
      'leading-newline': '\n\nx\n',
      'indented.txt': '  two spaces first\nthen none\n',
      'trailing-space.txt': 'one \ntwo\n',
      'tab.txt': '\tone\n\t\ttwo\n',
      'crlf.txt': 'one\r\ntwo\r\n',
      'script.sh': '#!/bin/sh\nset -eu\necho "$1" | sed \'s/a/b/\'\n',
      long: 'word '.repeat(60).trim(),
      'long-unbroken': 'x'.repeat(300),
    },
  },
  {
    metadata: {
      name: 'characters',
      annotations: { 'kapi.test/note': 'grüße, 世界 👋🏽 and <html> & co' },
    },
    data: {
      umlaut: 'Grüße',
      cjk: '世界こんにちは',
      emoji: '👩‍👩‍👧‍👦👋🏽',
      combining: 'e\u0301',
      'html-escapes': '<a href="x">&amp;</a>',
      'line-separators': 'a\u2028b\u2029c',
      'no-break-space': 'a\u00a0b',
      bom: '\ufeffx',
      bidi: 'abc\u202edef\u202c\u2066x\u2069',
      'zero-width': 'a\u200bb',
      'escape-sequence': '\u001b[31mred\u001b[0m\u001b]0;title\u0007',
      tab: 'a\tb',
      'carriage-return': 'safe\rhidden',
      'private-use': '\ue000',
    },
    binaryData: { 'blob.bin': 'AAECAwT/' },
  },
  // Separate, because kubectl prints no YAML of an object that contains one of these.
  {
    metadata: { name: 'controls' },
    data: {
      low: 'a\u0001b\u0007c',
      delete: 'a\u007fb',
      'next-line': 'a\u0085b',
      'c1-sequence': 'a\u009b31mb',
    },
  },
];

/** A Widget as JSON text, because JavaScript's numbers cannot represent its values. */
export const bigNumberWidget = `{
  "apiVersion": "kapi.test/v1", "kind": "Widget",
  "metadata": {"name": "numbers", "labels": {"app": "numbers"}},
  "spec": {
    "size": 2, "serial": 9007199254740993, "ratio": 1e21, "colour": "blue", "on": false,
    "free": {
      "maxInt64": 9223372036854775807, "minInt64": -9223372036854775808,
      "small": 1e-7, "float": 1.5, "wholeFloat": 3.0, "tenth": 0.1, "big": 1e300, "negative": -2.5,
      "million": 1000000, "precise": 0.30000000000000004, "list": [1, 2.5, "3", null, true]
    }
  }
}`;
