// Home and cache directories of other platforms, by injection.
import { describe, expect, it } from 'vitest';
import { cacheOf, homeOf } from '../../../src/model/home.ts';

const none = (): boolean => false;

describe('homeOf', () => {
  it('is HOME on Linux and macOS', () => {
    const env = { HOME: '/home/jane', USERPROFILE: 'C:\\Users\\jane' };
    for (const platform of ['linux', 'darwin']) expect(homeOf(env, platform, none)).toBe('/home/jane');
    expect(homeOf({ USERPROFILE: 'C:\\Users\\jane' }, 'linux', none)).toBeUndefined();
  });

  it.each([
    [{ USERPROFILE: 'C:\\Users\\jane' }, 'C:\\Users\\jane'],
    [{ USERPROFILE: 'C:\\Users\\jane', HOME: 'H:\\' }, 'C:\\Users\\jane'],
    [{ USERPROFILE: '', HOME: 'H:\\jane' }, 'H:\\jane'],
    [{ HOMEDRIVE: 'D:', HOMEPATH: '\\jane' }, 'D:\\jane'],
    [{ HOMEDRIVE: 'D:' }, undefined],
    [{}, undefined],
  ])('on Windows, %j is %s', (env, home) => {
    expect(homeOf(env, 'win32', none)).toBe(home);
  });

  it('on Windows is the first one with a kubeconfig, as in client-go', () => {
    const env = { HOME: 'H:\\jane', HOMEDRIVE: 'D:', HOMEPATH: '\\jane', USERPROFILE: 'C:\\Users\\jane' };
    const at = (directory: string) => (path: string) => path === `${directory}\\.kube\\config`;
    for (const directory of ['H:\\jane', 'D:\\jane', 'C:\\Users\\jane'])
      expect(homeOf(env, 'win32', at(directory))).toBe(directory);
  });
});

describe('cacheOf', () => {
  it('is LOCALAPPDATA on Windows only', () => {
    const env = { LOCALAPPDATA: 'C:\\Users\\jane\\AppData\\Local' };
    expect(cacheOf(env, 'win32', 'C:\\Users\\jane')).toBe('C:\\Users\\jane\\AppData\\Local');
    expect(cacheOf({}, 'win32', 'C:\\Users\\jane')).toBe('C:\\Users\\jane/.kube/cache');
    for (const platform of ['linux', 'darwin'])
      expect(cacheOf(env, platform, '/home/jane')).toBe('/home/jane/.kube/cache');
    expect(cacheOf({}, 'linux', undefined)).toBeUndefined();
  });
});
