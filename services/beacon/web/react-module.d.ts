// What the React binding uses of React, for compiling it without React installed. Not published: the published types
// import a consumer's own `react`, whose types are exact (the package test compiles them against React 18 and 19).
declare module 'react' {
  export type ReactNode = unknown;
  export interface ReactElement {
    type: unknown;
    props: unknown;
    key: string | null;
  }
  export type ElementType = string | ((props: never) => unknown);
  export type ComponentPropsWithRef<T extends ElementType> = T extends (props: infer P) => unknown
    ? P
    : Record<string, unknown>;
  export function createElement(type: ElementType, props: object): ReactElement;
  export function forwardRef<P>(render: (props: P, ref: unknown) => ReactElement): (props: P) => ReactElement;
  export function useEffect(run: () => void, changesWith: readonly unknown[]): void;
  export function useMemo<T>(make: () => T, changesWith: readonly unknown[]): T;
}
