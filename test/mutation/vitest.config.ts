// The configuration of the tests, with a plugin that puts a fault into one file while it is transformed. No file of src changes.
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** What session.mjs sets before each run; undefined: no file changes. */
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
        transform: (code, id) =>
          id.split('?')[0] === shared.kapiFault?.file ? shared.kapiFault?.change(code) : undefined,
      },
    ],
  }),
);
