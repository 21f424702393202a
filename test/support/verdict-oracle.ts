// What the views comparison_history and comparison_verdicts must say, worked out a second time, day by day, from the definition
// alone. In: looks as rows of comparison_looks. Out: what was known of each comparison on each day with a look. Shares no code
// with the product, and is as slow as it likes.

export interface LookFixture {
  readonly comparison_id: string;
  /** ms. */
  readonly look_at: number;
  readonly project_id?: string;
  readonly family?: string;
  readonly tier?: 'T1' | 'T2' | 'T3';
  readonly difference: number;
  readonly standard_error: number;
  readonly gates?: readonly string[];
  readonly tau?: number;
  readonly alpha?: number;
}

export interface Known {
  readonly comparison_id: string;
  readonly day: number;
  readonly p: number;
  readonly p_adjusted: number;
  readonly family_size: number;
  readonly family_flagged: number;
  readonly live: boolean;
  readonly flagged_since: number | null;
  readonly direction: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: string;
}

const DAY_MS = 86_400_000;
const Q = 0.05;
const DAYS_OUT = 14;

export function logE({ difference, standard_error, tau = 0.05 }: LookFixture): number {
  if (standard_error === 0) return 0;
  const k = (tau / standard_error) ** 2;
  return -0.5 * Math.log1p(k) + (((difference / standard_error) ** 2 / 2) * k) / (1 + k);
}

interface Member {
  readonly looks: Map<number, LookFixture>;
  p: number;
  sign: number;
  passedOn: number;
  since: number | null;
  direction: string;
}

/** One family of one project. */
export function knownOf(looks: readonly LookFixture[]): Known[] {
  const members = new Map<string, Member>();
  for (const look of looks) {
    const fresh: Member = { looks: new Map(), p: 1, sign: 0, passedOn: -Infinity, since: null, direction: '' };
    const member = members.get(look.comparison_id) ?? fresh;
    members.set(look.comparison_id, member);
    const day = Math.floor(look.look_at / DAY_MS);
    const earlier = member.looks.get(day);
    if (earlier === undefined || look.look_at < earlier.look_at) member.looks.set(day, look);
  }
  const days = [...new Set([...members.values()].flatMap((member) => [...member.looks.keys()]))].sort((a, b) => a - b);
  return days.flatMap((day) => knownOn(day, members));
}

function knownOn(day: number, members: ReadonlyMap<string, Member>): Known[] {
  for (const member of members.values()) takeIn(member, day);
  const live = [...members.values()].filter(
    (member) => member.passedOn > -Infinity && day - member.passedOn <= DAYS_OUT,
  );
  // by the definition: the smallest of m p_(j) / j over all j that rank no better
  const sorted = live.map(({ p }) => p).sort((a, b) => a - b);
  const adjusted = (p: number) =>
    Math.min(1, ...sorted.map((other, j) => (other >= p ? (other * sorted.length) / (j + 1) : Infinity)));
  for (const member of live)
    if (member.since === null && adjusted(member.p) <= Q) {
      member.since = day;
      member.direction = member.sign < 0 ? 'worse' : 'better';
    }
  const flagged = live.filter(({ since }) => since !== null).length;
  return [...members].flatMap(([comparison_id, member]) => {
    const look = member.looks.get(day);
    if (look === undefined) return [];
    const isLive = live.includes(member);
    const alpha = isLive && member.since !== null ? (Q * flagged) / live.length : (look.alpha ?? 0.05);
    const interval = intervalOf(look, alpha);
    const known = {
      comparison_id,
      day,
      p: member.p,
      p_adjusted: isLive ? adjusted(member.p) : 1,
      family_size: live.length,
      family_flagged: flagged,
      live: isLive,
      flagged_since: member.since,
      direction: member.direction,
      ...interval,
    };
    return [{ ...known, verdict: verdictOf(look, known) }];
  });
}

function takeIn(member: Member, day: number): void {
  const look = member.looks.get(day);
  if (look === undefined || (look.gates ?? []).length > 0 || look.tier === 'T3' || look.standard_error === 0) return;
  member.passedOn = day;
  const p = Math.min(1, Math.exp(-logE(look)));
  if (p < member.p || member.sign === 0) member.sign = Math.sign(look.difference);
  member.p = Math.min(member.p, p);
}

function intervalOf(look: LookFixture, alpha: number): Pick<Known, 'low' | 'high'> {
  const { difference, standard_error: error, tau = 0.05 } = look;
  if (error === 0) return { low: null, high: null };
  const k = (tau / error) ** 2;
  const half = error * Math.sqrt((1 + 1 / k) * Math.log((1 + k) / alpha ** 2));
  return { low: difference - half, high: difference + half };
}

function verdictOf(
  { tier = 'T1', gates = [], tau = 0.05 }: LookFixture,
  { low, high, flagged_since: since }: Pick<Known, 'low' | 'high' | 'flagged_since'>,
): string {
  if (tier === 'T3' || gates.includes('before_after')) return 'before_after';
  if (gates.length > 0 || low === null || high === null) return 'cannot_compare';
  if (since !== null && high < 0) return tier === 'T1' ? 'worse' : 'lower';
  if (since !== null && low > 0) return tier === 'T1' ? 'better' : 'higher';
  return since === null && low > -tau ? 'no_large_drop' : 'not_enough_evidence';
}
