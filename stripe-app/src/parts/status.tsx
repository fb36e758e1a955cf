import { Badge } from '@stripe/ui-extension-sdk/ui';
import type { AwardStatus } from '../contract/app.gen';

type Tone = 'neutral' | 'urgent' | 'warning' | 'negative' | 'positive' | 'info';

/** Every status of an award: its word and its color. Warning means that somebody should look. */
export const STATUS: Record<AwardStatus, readonly [word: string, tone: Tone]> = {
  pending: ['Pending', 'info'],
  pending_rate: ['Waiting for rate', 'info'],
  held: ['On hold', 'warning'],
  frozen: ['Frozen', 'warning'],
  approved: ['Approved', 'positive'],
  paid: ['Paid', 'positive'],
  reversed: ['Reversed', 'negative'],
};

/** Of an award of which a refund took a part; beside its status, which is about what is left. */
export const PartlyReversed = () => <Badge type="negative">Partly reversed</Badge>;

export const Status = ({ of }: { of: AwardStatus }) => <Badge type={STATUS[of][1]}>{STATUS[of][0]}</Badge>;
