// Files that are imported as their text or their documents: scripts/text-modules.mjs reads them.

declare module '*.txt' {
  const text: string;
  export default text;
}

declare module '*.yaml' {
  // JsonObject of src/model/object.ts: a module declaration cannot import a relative path.
  type Json = null | boolean | number | string | readonly Json[] | JsonObject;
  interface JsonObject {
    readonly [key: string]: Json | undefined;
  }
  const documents: readonly JsonObject[];
  export default documents;
}
