// The parts of a help topic.

export interface Topic {
  readonly summary: string;
  /** In the markup of markup.ts. */
  readonly text: string;
  /** As in a command's spec. */
  readonly seeAlso?: readonly string[];
}
