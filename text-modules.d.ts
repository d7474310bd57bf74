// Files that are imported as their text or their documents: scripts/text-modules.mjs reads them.

declare module '*.txt' {
  const text: string;
  export default text;
}

declare module '*.yaml' {
  const documents: readonly import('./src/model/object.ts').JsonObject[];
  export default documents;
}
