// tacit/react: a generation as an element, and what a component can say of it. In: a generation's id and description.
// Out: data attributes, which the beacon of the page follows, and its calls bound to the id. Renders on a server, is not
// disturbed by double mounts (everything goes by id), and never touches the page while rendering.
'use client';

import { createElement, forwardRef, useEffect, useMemo } from 'react';
import type { ComponentPropsWithRef, ElementType, ReactElement, ReactNode } from 'react';
import { tacit } from './index.js';
import type { GenerationInfo, Tacit } from './index.js';

/** What an element can say of its generation; `generatedAt` is ms since the epoch. */
export interface GenerationFields {
  /** The generation's id. The element gets no HTML id by it. */
  id: string;
  /** What the backend signed; it says all that follows. */
  token?: string | undefined;
  promptId?: string | undefined;
  promptVersion?: string | undefined;
  model?: string | undefined;
  modelVersion?: string | undefined;
  generatedAt?: number | undefined;
}

/** Props of `<Generation>`: those of a generation, and those of the element or component it becomes. */
export type GenerationProps<T extends ElementType = 'div'> = GenerationFields & {
  /** `div` by default. A component must hand unknown props on to its element. */
  as?: T | undefined;
  children?: ReactNode;
} & Omit<ComponentPropsWithRef<T>, keyof GenerationFields | 'as' | 'children'>;

/** What is known of a generation; `text` is what a copy button writes, when that is not what is shown. */
export type UsedInfo = { [K in keyof Omit<GenerationInfo, 'element'>]: GenerationInfo[K] | undefined };

const CALLS = ['done', 'shown', 'copy', 'accept', 'edit', 'reject', 'rate'] as const;

/** The calls of `Tacit` about one generation, without its id. */
export type GenerationCalls = {
  readonly [K in (typeof CALLS)[number]]: Tacit[K] extends (id: string, ...args: infer A) => void
    ? (...args: A) => void
    : never;
};

/** Stays the same object while id and info are the same. */
export interface UsedGeneration extends GenerationCalls {
  readonly id: string;
  /** For the element that shows the generation's text: `<article {...generation.props}>`. */
  readonly props: Readonly<Record<`data-tacit-${string}`, string | number | undefined>>;
}

function attributesOf({ id, token, promptId, promptVersion, model, modelVersion, generatedAt }: GenerationFields) {
  return {
    'data-tacit-generation': id,
    'data-tacit-token': token,
    'data-tacit-prompt': promptId,
    'data-tacit-prompt-version': promptVersion,
    'data-tacit-model': model,
    'data-tacit-model-version': modelVersion,
    'data-tacit-generated-at': generatedAt,
  };
}

/** The beacon of the script tag, when the page has one. (An element whose id is "tacit" bears the name as well.) */
function running(): Tacit {
  const { tacit: global } = globalThis as { tacit?: Tacit };
  return global?.stop ? global : tacit;
}

function render(props: GenerationProps, ref: unknown): ReactElement {
  const { as = 'div', id, token, promptId, promptVersion, model, modelVersion, generatedAt, ...others } = props;
  const fields = { id, token, promptId, promptVersion, model, modelVersion, generatedAt };
  return createElement(as, { ...others, ...attributesOf(fields), ref });
}

/** An element that shows the text of one generation and nothing else. Does without the beacon's code. */
export const Generation = /* @__PURE__ */ forwardRef(render) as <T extends ElementType = 'div'>(
  props: GenerationProps<T>,
) => ReactElement;

/** Makes a generation known, follows what is known of it, and answers what can be said of it. */
export function useGeneration(id: string, info: UsedInfo = {}): UsedGeneration {
  // By value: most callers write the object anew in each render. What is undefined falls away.
  const known = JSON.stringify(info);
  useEffect(() => {
    running().generation(id, JSON.parse(known) as GenerationInfo);
  }, [id, known]);
  return useMemo(() => {
    const call =
      (name: (typeof CALLS)[number]) =>
      (...args: unknown[]) =>
        (running()[name] as (...args: unknown[]) => void)(id, ...args);
    const calls = Object.fromEntries(CALLS.map((name) => [name, call(name)])) as unknown as GenerationCalls;
    return { id, props: attributesOf({ ...(JSON.parse(known) as GenerationInfo), id }), ...calls };
  }, [id, known]);
}
