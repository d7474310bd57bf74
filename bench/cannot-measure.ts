/** Thrown if a case cannot be measured. The message says why. */
export class CannotMeasure extends Error {}
