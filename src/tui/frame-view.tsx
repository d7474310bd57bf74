// Draws a frame with Ink.

import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Frame } from './frame.ts';
import { paint } from './style.ts';

/** Draws exactly the given lines, which already fit the window. */
export function FrameView({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <Box flexDirection="column">
      {frame.map((line, row) => (
        <PaintedLine key={row} text={line.map(paint).join('')} />
      ))}
    </Box>
  );
}

/** React and the layout skip a line whose text is the same: a key mostly changes two lines. */
const PaintedLine = memo(({ text }: { readonly text: string }): ReactElement => (
  <Text wrap="truncate">{text === '' ? ' ' : text}</Text>
));
