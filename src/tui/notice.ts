// The last notice with its time, shown for some seconds. Pure.

import { escapeLine } from '../output/escape.ts';

/** Milliseconds for which a notice is shown. */
export const noticeMs = 10_000;

/** Holds the last notice. */
export class Notice {
  #text = '';
  #atMs = 0;

  /** Sets the notice. @param nowMs wall clock in milliseconds */
  say(text: string, nowMs: number): void {
    this.#text = escapeLine(text);
    this.#atMs = nowMs;
  }

  clear(): void {
    this.#text = '';
  }

  /** Returns `12:04:31Z the connection broke`. Empty if the last notice is too old. */
  text(nowMs: number): string {
    if (this.#text === '' || nowMs - this.#atMs >= noticeMs) return '';
    return `${new Date(this.#atMs).toISOString().slice(11, 19)}Z ${this.#text}`;
  }
}
