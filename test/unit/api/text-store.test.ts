// Many texts in few buffers: each is returned unchanged, wherever it was moved meanwhile.
import { describe, expect, it } from 'vitest';
import { TextStore, type Place } from '../../../src/api/text-store.ts';

describe('TextStore', () => {
  it('returns what was stored, of any length and script', () => {
    const store = new TextStore();
    const texts = ['', 'a', 'é😀', 'x'.repeat(300_000), 'ü'.repeat(200_000), 'last'];
    const places = texts.map((text, at) => store.put(text, at));
    expect(places.map((place) => store.read(place))).toEqual(texts);
    expect(places.map((place) => store.markOf(place))).toEqual([0, 1, 2, 3, 4, 5]);
    store.setMark(places[1] ?? -1, 4_000_000_000);
    expect(places.map((place) => store.markOf(place))).toEqual([0, 4_000_000_000, 2, 3, 4, 5]);
    expect(store.read(places[1] ?? -1)).toBe('a');
    expect(new Set(places).size).toBe(texts.length);
  });

  it('returns the beginning of a text', () => {
    const store = new TextStore();
    const place = store.put('head\nrest', 4);
    expect(store.read(place, store.markOf(place))).toBe('head');
    expect([store.read(place, 0), store.read(place, 99)]).toEqual(['', 'head\nrest']);
  });

  it('keeps the neighbours of a text that is replaced, in its slot or in another', () => {
    const store = new TextStore();
    const [before, place, after] = [
      store.put('before', 0),
      store.put('10 bytes..', 0),
      store.put('after', 0),
    ];
    let now = place;
    for (const text of ['short', '11 bytes...', 'a text that needs another place', '']) {
      now = store.replace(now, text, text.length);
      expect(store.markOf(now)).toBe(text.length);
      expect(store.read(now)).toBe(text);
      expect([store.read(before), store.read(after)]).toEqual(['before', 'after']);
    }
    expect(store.replace(place, 'fits', 0)).toBe(place);
  });

  it('follows a thousand texts through ten thousand changes', () => {
    let store = new TextStore();
    const expected = Array.from({ length: 1_000 }, (_, at) => `text ${at}`);
    let places: Place[] = expected.map((text) => store.put(text, 0));
    let moves = 0;
    for (let change = 0; change < 10_000; change++) {
      const at = (change * 7_919) % 1_000;
      // Longer with every round, so that none fits into its slot.
      const text = `${change} ${'x'.repeat(Math.floor(change / 1_000) * 200)}`;
      expected[at] = text;
      places[at] = store.replace(places[at] ?? -1, text, change);
      if (!store.isMostlyWaste) continue;
      const next = new TextStore();
      places = places.map((place) => next.put(store.read(place), store.markOf(place)));
      store = next;
      moves++;
    }
    expect(moves).toBeGreaterThan(0);
    expect(places.map((place) => store.read(place))).toEqual(expected);
  });

  it('is mostly waste when most of it was dropped, but not for a few bytes', () => {
    const store = new TextStore();
    const places = Array.from({ length: 3_000 }, () => store.put('x'.repeat(1_000), 0));
    for (const place of places.slice(0, 1_000)) store.drop(place);
    expect(store.isMostlyWaste).toBe(false);
    for (const place of places.slice(1_000, 1_600)) store.drop(place);
    expect(store.isMostlyWaste).toBe(true);
    const small = new TextStore();
    small.drop(small.put('x'.repeat(1_000), 0));
    expect(small.isMostlyWaste).toBe(false);
  });
});
