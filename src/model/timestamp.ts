// Formats times in the two forms of the API: seconds for metav1.Time, microseconds for MicroTime.

/** Returns `2026-11-22T03:44:21Z`. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Returns `2026-11-22T03:44:21.000000Z`. */
export function formatMicroTime(date: Date): string {
  return `${date.toISOString().slice(0, 23)}000Z`;
}
