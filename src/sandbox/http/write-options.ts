// Reads the query parameters of writes: dryRun, fieldManager, fieldValidation, force. Entry point:
// readWriteOptions.

import { isOn } from '../../model/request-info.ts';
import { invalid } from './status.ts';
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
    errors.push(
      unsupportedValueError('dryRun', `[${dryRun.map((value) => JSON.stringify(value)).join(',')}]`, '"All"'),
    );
  }
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    errors.push(
      unsupportedValueError('fieldValidation', JSON.stringify(validation), '"", "Ignore", "Strict", "Warn"'),
    );
  }
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128) {
    errors.push({
      reason: 'FieldValueTooLong',
      message: 'Too long: may not be more than 128 bytes',
      field: 'fieldManager',
    });
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? managerOfUserAgent(call.header('user-agent')) : manager,
    managerGiven: manager !== '',
    fieldValidation: validation === 'Ignore' || validation === 'Strict' ? validation : 'Warn',
    force: query.has('force') ? isOn(query.get('force')) : undefined,
  };
}

function unsupportedValueError(field: string, value: string, supported: string): FieldError {
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${value}: supported values: ${supported}`,
    field,
  };
}

function managerOfUserAgent(userAgent: string): string {
  const head = (userAgent.split('/')[0] ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 128);
  return head === '' ? 'unknown' : head;
}
