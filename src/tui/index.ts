// All full-screen code, as the one ES module that a run loads for it (dist/tui.mjs).

export { openExplorer } from './explore-screen.ts';
export { openLiveTable } from './live-table.ts';
