// Tables of bindings, certificates, admission, flow control and API services. Entry point:
// `accessTables`.

import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject } from '../../model/object.ts';
import { humanDuration } from '../../model/age.ts';
import {
  conditionOf,
  nameOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  stringEntries,
  textAt,
} from '../../model/fields.ts';
import { ageColumn, column, creationAge, nameColumn, wideColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';

const bindings: TableLayout = {
  columns: [
    nameColumn,
    column('Role', 'Role that is granted'),
    ageColumn,
    wideColumn('Users', 'Users it is granted to'),
    wideColumn('Groups', 'Groups it is granted to'),
    wideColumn('ServiceAccounts', 'Service accounts it is granted to'),
  ],
  cells: (binding, now) => {
    const role = objectAt(binding, 'roleRef');
    const subjects = objectsAt(binding, 'subjects');
    const named = (kind: string, text: (subject: JsonObject) => string): string =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(text)
        .join(', ');
    const name = (subject: JsonObject): string => stringAt(subject, 'name');
    return [
      nameOf(binding),
      `${stringAt(role, 'kind')}/${stringAt(role, 'name')}`,
      creationAge(binding, now),
      named('User', name),
      named('Group', name),
      named('ServiceAccount', (subject) => `${stringAt(subject, 'namespace')}/${name(subject)}`),
    ];
  },
};

const webhooks: TableLayout = {
  columns: [nameColumn, column('Webhooks', 'Number of webhooks', 'integer'), ageColumn],
  cells: (configuration, now) => [
    nameOf(configuration),
    objectsAt(configuration, 'webhooks').length,
    creationAge(configuration, now),
  ],
};

const policyBindings: TableLayout = {
  columns: [
    nameColumn,
    column('PolicyName', 'Policy that is bound'),
    column('ParamRef', 'Object with its parameters'),
    ageColumn,
  ],
  cells: (binding, now) => [
    nameOf(binding),
    stringAt(specOf(binding), 'policyName'),
    parameterReference(objectAt(specOf(binding), 'paramRef')),
    creationAge(binding, now),
  ],
};

/** Layouts by group and resource: `rolebindings.rbac.authorization.k8s.io`. */
export const accessTables: Readonly<Record<string, TableLayout>> = {
  'rolebindings.rbac.authorization.k8s.io': bindings,
  'clusterrolebindings.rbac.authorization.k8s.io': bindings,
  'certificatesigningrequests.certificates.k8s.io': {
    columns: [
      nameColumn,
      ageColumn,
      column('SignerName', 'Who is asked to sign'),
      column('Requestor', 'User that made the request'),
      column('RequestedDuration', 'How long the certificate shall be valid'),
      column('Condition', 'Whether it is pending, approved, denied, issued'),
    ],
    cells: (request, now) => {
      const spec = specOf(request);
      const duration =
        spec.expirationSeconds === undefined
          ? '<none>'
          : humanDuration(numberAt(spec, 'expirationSeconds') * 1_000);
      return [
        nameOf(request),
        creationAge(request, now),
        textAt(spec, 'signerName', '<none>'),
        stringAt(spec, 'username'),
        duration,
        requestState(statusOf(request)),
      ];
    },
  },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': policies('Mutations', 'mutations'),
  'validatingadmissionpolicies.admissionregistration.k8s.io': policies('Validations', 'validations'),
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': policyBindings,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': policyBindings,
  'flowschemas.flowcontrol.apiserver.k8s.io': {
    columns: [
      nameColumn,
      column('PriorityLevel', 'Priority level its requests get'),
      column('MatchingPrecedence', 'Place in the order in which schemas are tried'),
      column('DistinguisherMethod', 'How requests are assigned to flows'),
      ageColumn,
      column('MissingPL', 'Whether its priority level is missing'),
    ],
    cells: (schema, now) => {
      const spec = specOf(schema);
      const dangling = conditionOf(objectsAt(statusOf(schema), 'conditions'), 'Dangling');
      return [
        nameOf(schema),
        stringAt(objectAt(spec, 'priorityLevelConfiguration'), 'name'),
        numberAt(spec, 'matchingPrecedence'),
        textAt(objectAt(spec, 'distinguisherMethod'), 'type', '<none>'),
        creationAge(schema, now),
        textAt(dangling, 'status', '?'),
      ];
    },
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': {
    columns: [
      nameColumn,
      column('Type', 'Limited or Exempt'),
      column('NominalConcurrencyShares', 'Share of the requests handled at once'),
      column('Queues', 'Number of queues'),
      column('HandSize', 'Queues a flow is spread over'),
      column('QueueLengthLimit', 'Most requests waiting in a queue'),
      ageColumn,
    ],
    cells: (level, now) => {
      const limited = objectAt(specOf(level), 'limited');
      const queuing = objectAt(objectAt(limited, 'limitResponse'), 'queuing');
      return [
        nameOf(level),
        stringAt(specOf(level), 'type'),
        limited === undefined ? '<none>' : numberAt(limited, 'nominalConcurrencyShares'),
        queuing === undefined ? '<none>' : numberAt(queuing, 'queues'),
        queuing === undefined ? '<none>' : numberAt(queuing, 'handSize'),
        queuing === undefined ? '<none>' : numberAt(queuing, 'queueLengthLimit'),
        creationAge(level, now),
      ];
    },
  },
  'apiservices.apiregistration.k8s.io': {
    columns: [
      nameColumn,
      column('Service', 'Service that answers for the group version, or Local'),
      column('Available', 'Whether it answers'),
      ageColumn,
    ],
    cells: (apiService, now) => {
      const service = objectAt(specOf(apiService), 'service');
      return [
        nameOf(apiService),
        service === undefined ? 'Local' : `${stringAt(service, 'namespace')}/${stringAt(service, 'name')}`,
        availability(apiService),
        creationAge(apiService, now),
      ];
    },
  },
};

function policies(columnName: string, key: string): TableLayout {
  return {
    columns: [
      nameColumn,
      column(columnName, 'Number of expressions', 'integer'),
      column('ParamKind', 'Kind of the objects with its parameters'),
      ageColumn,
    ],
    cells: (policy, now) => {
      const kind = objectAt(specOf(policy), 'paramKind');
      return [
        nameOf(policy),
        objectsAt(specOf(policy), key).length,
        kind === undefined ? '<unset>' : `${stringAt(kind, 'apiVersion')}/${stringAt(kind, 'kind')}`,
        creationAge(policy, now),
      ];
    },
  };
}

function parameterReference(reference: JsonObject | undefined): string {
  if (reference === undefined) return '<unset>';
  const name = stringAt(reference, 'name');
  if (name !== '') return `${textAt(reference, 'namespace', '*')}/${name}`;
  const selector = objectAt(reference, 'selector');
  return selector === undefined ? '<unset>' : goSelector(selector);
}

/** Formats a selector as Go prints the struct, for the one column that shows it so. */
function goSelector(selector: JsonObject): string {
  const labels = stringEntries(objectAt(selector, 'matchLabels'))
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = objectsAt(selector, 'matchExpressions')
    .map((expression) => {
      const values = Array.isArray(expression.values) ? expression.values.join(' ') : '';
      const operator = stringAt(expression, 'operator');
      return `LabelSelectorRequirement{Key:${stringAt(expression, 'key')},Operator:${operator},Values:[${values}],},`;
    })
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

function requestState(status: JsonObject): string {
  const conditions = objectsAt(status, 'conditions');
  const has = (type: string): boolean => conditionOf(conditions, type) !== undefined;
  let state = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  if (has('Failed')) state += ',Failed';
  if (stringAt(status, 'certificate') !== '') state += ',Issued';
  return state;
}

function availability(apiService: JsonObject): string {
  const available = conditionOf(objectsAt(statusOf(apiService), 'conditions'), 'Available');
  const status = textAt(available, 'status', 'Unknown');
  const reason = stringAt(available, 'reason');
  return status === 'True' || reason === '' ? status : `${status} (${reason})`;
}
