// The SDK's wrapper doesn't enter props that hold elements (`actions`, `title`, `value`): this walker does.
type RemoteNode = { type?: string; text?: string; props?: Record<string, unknown>; children?: RemoteNode[] };

const isNode = (value: unknown): value is RemoteNode =>
  typeof value === 'object' && value !== null && Array.isArray((value as RemoteNode).children);

/** A node and all below it, in reading order: what a prop holds comes before the children. */
export function nodesOf(root: RemoteNode): RemoteNode[] {
  const inProps = Object.values(root.props ?? {}).filter(isNode);
  return [root, ...[...inProps, ...(root.children ?? [])].flatMap(nodesOf)];
}

export const ofType = (root: RemoteNode, type: string) => nodesOf(root).filter((node) => node.type === type);

const SPOKEN = ['title', 'description', 'subtitle', 'secondaryTitle', 'label', 'value'];

/** Everything that can be read, in reading order. */
function piecesOf({ text, props = {}, children = [] }: RemoteNode): string[] {
  const spoken = SPOKEN.map((name) => props[name]).flatMap((value) => {
    if (typeof value === 'string') return [value];
    return isNode(value) ? piecesOf(value) : [];
  });
  const beside = Object.entries(props).flatMap(([name, value]) =>
    !SPOKEN.includes(name) && isNode(value) ? piecesOf(value) : [],
  );
  return [...(text === undefined ? [] : [text]), ...spoken, ...beside, ...children.flatMap(piecesOf)];
}

/** The words on screen, one piece per line; without what keeps names apart and dates together. */
export const textOf = (root: RemoteNode) =>
  piecesOf(root)
    .join('\n')
    .replace(/[\u2068\u2069\u200b]/g, '')
    .replace(/\u00a0/g, ' ');
