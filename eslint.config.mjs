// One linter: type-aware TypeScript rules, and the import table of import-table.mjs as one rule per
// folder.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { rootFiles, folders, sandboxFolders, guardedBuiltins } from './import-table.mjs';

const guardedPackages = [...new Set(Object.values(folders).flatMap((rules) => rules.packages ?? []))];

/** Returns the rule for the imports that a folder of src must not have, with the reason. */
function importRule({ imports, types = [], packages = [], builtins = [] }, own, more = []) {
  const shut = [...Object.keys(folders), ...Object.keys(rootFiles)].filter(
    (name) => name !== own && !imports.includes(name) && !types.includes(name),
  );
  const byFolder = (name, allowTypeImports) => ({
    regex: name in rootFiles ? `^(\\.\\./)+${name}\\.ts$` : `^(\\.\\./)+${name}/`,
    allowTypeImports,
    message: `${own} may not import ${allowTypeImports ? 'values of ' : ''}${name}: see import-table.mjs.`,
  });
  const closedPackages = guardedPackages.filter((name) => !packages.includes(name));
  const closedBuiltins = guardedBuiltins.filter((name) => !builtins.includes(name));
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...shut.map((name) => byFolder(name, false)),
          ...types.map((name) => byFolder(name, true)),
          ...closedPackages.map((name) => ({
            regex: `^${name}(/|$)`,
            message: `${name} can be imported by another folder only: see import-table.mjs.`,
          })),
          ...closedBuiltins.map((name) => ({
            regex: `^node:${name}(/|$)`,
            allowTypeImports: true,
            message: `${own} does not touch the world through node:${name}: see import-table.mjs.`,
          })),
          ...more,
        ],
      },
    ],
  };
}

/** Returns the patterns of the folders of src/sandbox that a folder must not import. */
function closedNeighbours(own, open) {
  const closed = Object.keys(sandboxFolders).filter((name) => name !== own && !open.includes(name));
  return [
    { regex: '^\\.\\./[a-z-]+\\.ts$', message: `sandbox/${own} may not import the files above it.` },
    {
      regex: `^\\.\\./(${closed.join('|')})/`,
      message: `sandbox/${own} may not import this: see sandboxFolders in import-table.mjs.`,
    },
  ];
}

export default tseslint.config(
  { ignores: ['dist/**', 'dist-standalone/**', 'completions/**', 'coverage/**'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Server JSON is read with the keys of index signatures.
      '@typescript-eslint/dot-notation': 'off',
      'no-console': 'error',
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only src/main.ts and bin touch process.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Set the exit code and let the loop end.' },
      ],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
    },
  },
  {
    // Text from elsewhere reaches a terminal only through guardIo(), which escapes every string,
    // and only colour.ts makes Painted text.
    files: ['src/**'],
    ignores: ['src/output/colour.ts', 'src/io/**', 'src/tui/**', 'src/main.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "TSAsExpression[typeAnnotation.typeName.name='Painted']",
          message:
            'Painted text is made by withColours() of output/colour.ts, after foreign words in it were escaped.',
        },
        {
          selector:
            "CallExpression[callee.property.name='write'][callee.object.property.name=/^(stdout|stderr)$/]",
          message: 'Commands write to io.out and io.err, which escape what a terminal must not see.',
        },
      ],
    },
  },
  ...Object.entries(folders).map(([name, rules]) => ({
    files: [`src/${name}/**`],
    rules: importRule(rules, name),
  })),
  ...Object.entries(sandboxFolders).map(([name, open]) => ({
    files: [`src/sandbox/${name}/**`],
    rules: importRule(folders.sandbox, 'sandbox', closedNeighbours(name, open)),
  })),
  ...Object.entries(rootFiles).map(([name, imports]) => ({
    files: [`src/${name}.ts`],
    rules: importRule({ imports }, name),
  })),
  {
    files: ['test/**', 'bench/**'],
    rules: {
      // Tests read parsed JSON without types; a wrong shape fails their assertions.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'readonly',
        exports: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
