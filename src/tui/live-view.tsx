// Draws a frame of the live table with Ink.

import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { Frame } from './live-model.ts';
import { textStyles } from './style.ts';

/** Draws exactly the given lines, which already fit the window. */
export function LiveView({ frame }: { readonly frame: Frame }): ReactElement {
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
