/** Words that the names of generated events, fields and apps are made of: a name each, and none twice. */

export interface Domain {
  /** Folder under `schemas/`, and first part of its topics. */
  readonly name: string;
  /** Begins the name of each of its events, and with `Id` that of their key. */
  readonly entity: string;
}

export const DOMAINS: readonly Domain[] = [
  { name: 'orders', entity: 'Order' },
  { name: 'payments', entity: 'Payment' },
  { name: 'shipping', entity: 'Shipment' },
  { name: 'catalogue', entity: 'Product' },
  { name: 'pricing', entity: 'Price' },
  { name: 'customers', entity: 'Customer' },
  { name: 'loyalty', entity: 'Voucher' },
  { name: 'returns', entity: 'Refund' },
  { name: 'suppliers', entity: 'Supplier' },
  { name: 'workforce', entity: 'Shift' },
];

export const PARTS = [
  'Contract',
  'Schedule',
  'Address',
  'Limit',
  'Note',
  'Approval',
  'Document',
  'Contact',
  'Check',
  'Quota',
] as const;

export const VERBS = [
  'Opened',
  'Changed',
  'Closed',
  'Assigned',
  'Renewed',
  'Corrected',
  'Suspended',
  'Confirmed',
  'Rejected',
  'Archived',
] as const;

export const ROLES = ['intake', 'planner', 'ledger', 'gateway', 'archive'] as const;

export const ATTRIBUTES = [
  'amount',
  'batch',
  'campaign',
  'carrier',
  'category',
  'channel',
  'colour',
  'country',
  'currency',
  'depth',
  'device',
  'discount',
  'duration',
  'floor',
  'height',
  'language',
  'location',
  'margin',
  'market',
  'origin',
  'priority',
  'quality',
  'quarter',
  'region',
  'revision',
  'route',
  'score',
  'season',
  'segment',
  'shelf',
  'source',
  'stage',
  'terminal',
  'threshold',
  'volume',
  'warehouse',
  'weight',
  'width',
  'zone',
] as const;

export const SYMBOLS = [
  'DRAFT',
  'PENDING',
  'ACTIVE',
  'BLOCKED',
  'EXPIRED',
  'MERGED',
  'ESCALATED',
  'WITHDRAWN',
] as const;
