// The standalone program's entry. Bun compiles it and everything it imports.
import { start } from '../../src/main.ts';

start(process, { liveTable: () => import('../../src/tui/index.ts'), keepCode() {} });
