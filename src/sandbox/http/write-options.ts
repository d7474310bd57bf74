// Reads the query parameters of writes: dryRun, fieldManager, fieldValidation, force. Entry point:
// readWriteOptions.

import { isOn } from '../../model/request-info.ts';
import { invalid } from './status.ts';
import { tooLong, unsupportedValue } from '../types/field-errors.ts';
import type { FieldError } from '../types/types.ts';
import type { Call } from './call.ts';

/** Decoded options of a create, update or patch. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /**
   * The manager that owns changed fields: the requested one, else the first part of the User-Agent.
   */
  readonly manager: string;
  /** True if the query names the manager, which apply requires. */
  readonly managerGiven: boolean;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** True to take over fields from other managers (apply). */
  readonly force: boolean | undefined;
}

const fieldValidations = ['', 'Ignore', 'Strict', 'Warn'];

/**
 * Reads the options of a write.
 * @param kind `CreateOptions`, `UpdateOptions` or `PatchOptions`, for the message
 * @throws StatusError 422
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function readWriteOptions(call: Call, kind: string): WriteOptions {
  const { query } = call;
  const errors: FieldError[] = [];
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) {
    errors.push(unsupportedValue('dryRun', dryRun, ['All']));
  }
  const validation = query.get('fieldValidation') ?? '';
  if (!fieldValidations.includes(validation)) {
    errors.push(unsupportedValue('fieldValidation', validation, fieldValidations));
  }
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128) errors.push(tooLong('fieldManager', 128));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? managerOfUserAgent(call.header('user-agent')) : manager,
    managerGiven: manager !== '',
    fieldValidation: validation === 'Ignore' || validation === 'Strict' ? validation : 'Warn',
    force: query.has('force') ? isOn(query.get('force')) : undefined,
  };
}

function managerOfUserAgent(userAgent: string): string {
  const head = (userAgent.split('/')[0] ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 128);
  return head === '' ? 'unknown' : head;
}
