import { describe, expect, it } from 'vitest';
import { openPalette, type Palette, paintOfCell } from '../../../src/output/colour.ts';

describe('openPalette', () => {
  it('is empty without colours', async () => {
    expect(await openPalette(0)).toBeUndefined();
  });
  it('paints at any level', async () => {
    for (const level of [1, 2, 3] as const) {
      expect((await openPalette(level))?.bad('x')).toBe('\u001b[31mx\u001b[39m');
    }
  });
});

describe('paintOfCell', () => {
  const name = (meaning: string) => () => meaning;
  const palette: Palette = {
    ...{ header: name('header'), faint: name('faint'), key: name('key'), string: name('string') },
    ...{ good: name('good'), warning: name('warning'), bad: name('bad') },
    ...{ number: name('number'), constant: name('constant') },
  };
  it.each([
    ['STATUS', 'Running', 'good'],
    ['STATUS', 'Completed', 'good'],
    ['STATUS', 'Error', 'bad'],
    ['STATUS', 'CrashLoopBackOff', 'bad'],
    ['STATUS', 'ImagePullBackOff', 'bad'],
    ['STATUS', 'ErrImagePull', 'bad'],
    ['STATUS', 'OOMKilled', 'bad'],
    ['STATUS', 'Init:Error', 'bad'],
    ['STATUS', 'Init:0/2', 'warning'],
    ['STATUS', 'ContainerStatusUnknown', 'bad'],
    ['STATUS', 'Init:ContainerStatusUnknown', 'bad'],
    ['STATUS', 'InvalidImageName', 'bad'],
    ['STATUS', 'ExitCode:137', 'bad'],
    ['STATUS', 'Init:ExitCode:1', 'bad'],
    ['STATUS', 'Signal:9', 'bad'],
    ['STATUS', 'Init:Signal:9', 'bad'],
    ['STATUS', 'NodeLost', 'bad'],
    ['STATUS', 'DeadlineExceeded', 'bad'],
    ['STATUS', 'ExitCode:0', undefined],
    ['STATUS', 'Pending', 'warning'],
    ['STATUS', 'Terminating', 'warning'],
    ['STATUS', 'Ready', 'good'],
    ['STATUS', 'Ready,SchedulingDisabled', 'warning'],
    ['STATUS', 'NotReady', 'warning'],
    ['STATUS', 'Something', undefined],
    ['READY', '0/1', 'warning'],
    ['READY', '2/2', undefined],
    ['READY', 'False', 'bad'],
    ['TYPE', 'Warning', 'warning'],
    ['TYPE', 'ClusterIP', undefined],
    ['NAMESPACE', 'default', 'faint'],
    ['NAME', 'Running', undefined],
  ])('%s %s: %s', (header, cell, meaning) => {
    expect(paintOfCell(palette, header, cell)?.(cell)).toBe(meaning);
  });
});
