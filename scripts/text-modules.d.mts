import type { Plugin } from 'vitest/config';
export const textModules: Plugin;
