// The configuration of the tests, with a plugin that inserts a fault into one file during its
// transformation. No file of src changes.
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** Set by session.mjs before each run. Undefined: no file changes. */
interface Fault {
  /** Absolute path. */
  readonly file: string;
  readonly change: (code: string) => string;
}

const shared = globalThis as { kapiFault?: Fault };

export default mergeConfig(
  base,
  defineConfig({
    plugins: [
      {
        name: 'fault',
        enforce: 'pre',
        transform(code, id) {
          if (shared.kapiFault === undefined || id.split('?')[0] !== shared.kapiFault.file) return undefined;
          const changed = shared.kapiFault.change(code);
          // A text module, which is JavaScript when it comes here.
          return /\.(txt|yaml)$/.test(id) ? `export default ${JSON.stringify(changed)};` : changed;
        },
      },
    ],
  }),
);
