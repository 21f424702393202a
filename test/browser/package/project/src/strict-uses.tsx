// What a strict compile has to accept, and what it has to refuse. Compiled only, never run.
import { useRef } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { tacit } from 'tacit';
import type { Consent, GenerationInfo, Options, RejectReason, Tacit } from 'tacit';
import { codemirror } from 'tacit/codemirror';
import { monaco } from 'tacit/monaco';
import { prosemirror } from 'tacit/prosemirror';
import { Generation, useGeneration } from 'tacit/react';
import type { GenerationProps } from 'tacit/react';
import type {} from 'tacit/script';

const options: Options = { key: 'pk_x', endpoint: '/telemetry', user: undefined };
const consent: Consent = 'denied';
const reason: RejectReason = 'regenerated';

export const adapters = [codemirror(tacit), prosemirror(tacit), monaco.name];

export function uses(maybe: string | undefined): Promise<void> {
  const beacon: Tacit = window.tacit ?? tacit;
  beacon.init(options);
  beacon.consent(consent);
  const info: GenerationInfo = { promptId: 'p', length: undefined };
  const id: string = beacon.generation('g', info);
  beacon.reject(id, reason);
  const sent: number | undefined = beacon.stats()['sent'];
  beacon.rate(id, sent ?? 0, maybe);
  return beacon.flush();
}

function Panel(props: { tone: 'calm' | 'loud'; children?: ReactNode } & ComponentProps<'section'>) {
  const { tone, ...others } = props;
  return <section className={tone} {...others} />;
}

export function Uses({ token }: { token: string | undefined }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const used = useGeneration('g', { token, text: token });
  const props: GenerationProps<'a'> = { id: 'g', href: '/', token };
  return (
    <>
      <Generation id="g" token={token} ref={(element: HTMLDivElement | null) => void element} />
      <Generation as="textarea" id="g" ref={field} rows={3} />
      <Generation as={Panel} id="g" tone="calm">
        text
      </Generation>
      <Generation as="a" {...props} />
      {/* @ts-expect-error a generation has an id */}
      <Generation token="t" />
      {/* @ts-expect-error a component keeps its own props */}
      <Generation as={Panel} id="g" tone="shrill" />
      {/* @ts-expect-error an event is no description of an acceptance */}
      <button onClick={used.accept} {...used.props} />
    </>
  );
}
