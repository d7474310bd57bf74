// Signals that end a wait.
import { expect, test } from 'vitest';
import { forwardAbort, reasonOf, unlessAborted, waitForAbort } from '../../../src/model/abort.ts';

test('reasonOf returns something to throw whatever the reason is', () => {
  expect(reasonOf(AbortSignal.abort('text'))).toMatchObject({ message: 'aborted', cause: 'text' });
  expect(reasonOf(AbortSignal.abort()).name).toBe('AbortError');
});

test('unlessAborted', async () => {
  const controller = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBe(1);
  const waiting = unlessAborted(new Promise(() => undefined), controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(unlessAborted(Promise.resolve(1), controller.signal)).rejects.toBe(reason);
});

test('unlessAborted lets a promise settle within the delay', async () => {
  const signal = AbortSignal.abort();
  const soon = new Promise((resolve) => setImmediate(() => resolve('settled')));
  expect(await unlessAborted(soon, signal, 60_000)).toBe('settled');
  await expect(unlessAborted(new Promise(() => undefined), signal, 1)).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('forwardAbort passes the reason on until it is undone', () => {
  const [parent, other] = [new AbortController(), new AbortController()];
  const [forwarded, undone] = [new AbortController(), new AbortController()];
  forwardAbort(parent.signal, forwarded);
  forwardAbort(other.signal, undone)();
  const reason = new Error('enough');
  parent.abort(reason);
  other.abort(reason);
  expect(forwarded.signal.reason).toBe(reason);
  expect(undone.signal.aborted).toBe(false);
});

test('waitForAbort resolves when the signal aborts, also if it already has', async () => {
  const controller = new AbortController();
  let isOver = false;
  const waiting = waitForAbort(controller.signal).then(() => (isOver = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  controller.abort();
  await waiting;
  await waitForAbort(controller.signal);
});
