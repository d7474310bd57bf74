// Reads the recorded exchanges in test/fixtures/recorded: responses of a real kube-apiserver, as
// data and as script lines.

import { readFileSync } from 'node:fs';
import type { Headers } from '../src/model/request.ts';
import type { Exchange, Reply } from './scripted-send.ts';

export interface Recording {
  readonly request: { readonly method: string; readonly path: string; readonly accept?: string };
  readonly response: { readonly status: number; readonly headers: Headers; readonly body: unknown };
}

/**
 * Reads a recording.
 * @param name path below test/fixtures/recorded without `.json`: `error/notfound-object`
 */
export function recorded(name: string): Recording {
  const url = new URL(`fixtures/recorded/${name}.json`, import.meta.url);
  const recording: Recording = JSON.parse(readFileSync(url, 'utf8'));
  return recording;
}

/** Returns the response of a recording, for {@link Exchange.reply}. */
export function replyOf(name: string): Reply {
  const { status, headers, body } = recorded(name).response;
  return { status, headers, body };
}

/** Returns a recording as a line of a script, with its request and response. */
export function exchangeOf(name: string): Exchange {
  const { method, path } = recorded(name).request;
  return { request: `${method} ${path}`, reply: replyOf(name) };
}
