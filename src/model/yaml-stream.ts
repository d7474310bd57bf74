// Splits a stream of YAML documents. Entry point: splitYamlStream(). Pure.

/**
 * Returns the documents of a text, without those that contain only comments. What follows a
 * separator on its line belongs to the document after it. A line of a nested value is indented, so
 * it is never a separator.
 * @see https://yaml.org/spec/1.2.2/#92-streams
 */
export function splitYamlStream(text: string): readonly string[] {
  return text.split(/^---(?=\s|$)/m).filter((document) => /^\s*[^\s#]/m.test(document));
}
