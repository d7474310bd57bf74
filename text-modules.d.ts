// Files that are imported as their text: scripts/text-modules.mjs reads them.

declare module '*.txt' {
  const text: string;
  export default text;
}

declare module '*.yaml' {
  const text: string;
  export default text;
}
