// What a help topic is made of.

export interface Topic {
  readonly summary: string;
  /** In the marks of markup.ts. */
  readonly text: string;
  /** As in a command's spec. */
  readonly seeAlso?: readonly string[];
}
