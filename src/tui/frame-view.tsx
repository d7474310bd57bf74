// Draws a frame with Ink.

import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { Frame } from './frame.ts';
import { textStyles } from './style.ts';

/** Draws exactly the given lines, which already fit the window. */
export function FrameView({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <Box flexDirection="column">
      {frame.map((line, row) => (
        <Text key={row} wrap="truncate">
          {line.length === 0
            ? ' '
            : line.map(({ text, style }, at) => (
                <Text key={at} {...textStyles[style]}>
                  {text}
                </Text>
              ))}
        </Text>
      ))}
    </Box>
  );
}
