/**
 * What the Dashboard does around an extension, in an ordinary browser: it lends React, answers the SDK's calls, and
 * draws the components that the extension sends over remote-ui.
 */
import { createRemoteReceiver } from '@remote-ui/core';
import * as remoteReact from '@remote-ui/react';
import { createController, RemoteRenderer } from '@remote-ui/react/host';
import * as React from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import { createRoot } from 'react-dom/client';
import { components, type Drawn } from './components';
import { contact, problem } from './contact';
import { simulate } from './faults';
import type { Context } from './protocol';

type Extension = Record<string, unknown>;
type Sandbox = {
  require: (name: string) => unknown;
  __StripeExtExports: Extension;
  startPreview: () => Promise<void>;
};
const sandbox = globalThis as unknown as Sandbox;

const lent: Record<string, unknown> = {
  react: React,
  'react/jsx-runtime': jsxRuntime,
  '@remote-ui/react': remoteReact,
};
sandbox.require = (name) => {
  if (!(name in lent)) throw new Error(`The Dashboard lends no module ${name}`);
  return lent[name];
};

/** The one way to copy that a frame without an origin has. */
async function copy(text: string): Promise<void> {
  const field = document.createElement('textarea');
  field.value = text;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  if (!copied) throw new Error('not copied');
}

/** The calls that the SDK makes. A missing one would be a rejected promise, as in an older Dashboard. */
const endpoint = {
  call: {
    supportsFetchAppEmbeddedKey: async () => false,
    fetchStripeSignature: (payload: unknown) => contact('sign', payload),
    clipboardWriteText: copy,
    showToast: (message: string, { type = 'success' }: { type?: string } = {}) => contact('toast', message, type),
  },
};

function unknownComponent(type: string): Drawn {
  problem(`<${type}> isn’t drawn by the preview`);
  return function Unknown({ children }: React.PropsWithChildren<unknown>) {
    return <div>{children}</div>;
  };
}

function draw({ view, props }: Context): void {
  const View = sandbox.__StripeExtExports[view];
  if (typeof View !== 'function') return problem(`The extension has no view ${view}`);
  sandbox.__StripeExtExports = { ...sandbox.__StripeExtExports, endpoint };

  const receiver = createRemoteReceiver();
  const root = remoteReact.createRemoteRoot(receiver.receive, { strict: false });
  remoteReact.createRoot(root).render(React.createElement(View as React.ComponentType<Context['props']>, props));
  void root.mount();

  const controller = createController(components);
  const get: typeof controller.get = (type) => {
    const known = components[String(type)];
    return known ?? (components[String(type)] = unknownComponent(String(type)));
  };
  const container = document.getElementById('drawer');
  if (container)
    createRoot(container).render(<RemoteRenderer receiver={receiver} controller={{ ...controller, get }} />);
}

window.addEventListener('error', ({ message }) => problem(message));
window.addEventListener('unhandledrejection', ({ reason }) => problem(String(reason)));

sandbox.startPreview = async () => {
  const context = await contact('context');
  if (context.fault) simulate(context.fault);
  draw(context);
};
