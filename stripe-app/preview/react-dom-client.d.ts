// React 18 draws the host page while the extension is held to React 17's types, which know no `createRoot`.
declare module 'react-dom/client' {
  import type { ReactNode } from 'react';
  export function createRoot(container: Element): { render(children: ReactNode): void };
}
