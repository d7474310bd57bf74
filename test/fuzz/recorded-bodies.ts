// Recorded bodies of a real API server. Entry point: recordedBody.
import type { Json } from '../../src/model/object.ts';
import { recorded } from '../recorded.ts';

/** Returns the JSON body of a recorded exchange, such as `table/pods`. */
export function recordedBody(name: string): Json {
  return recorded(name).response.body as Json;
}
