import { alone, laws } from './laws.mjs';

const escaped = (path) => path.replaceAll(/[.-]/g, '\\$&');
const roomPattern = (room) => `^${escaped(room)}${room.endsWith('.ts') ? '$' : '/'}`;
const packagePattern = (name) => `node_modules/(@types/)?${escaped(name)}/`;
const nodePattern = (name) => `^(node:)?${name}(/|$)`;

/** A room may import itself, the rooms and packages that the table gives it, and nothing else. */
const ofRoom = ({ room, rooms, packages, node }) => ({
  name: `room ${room}`,
  severity: 'error',
  comment: `${room} may import: ${[...rooms, ...packages, ...(node === 'any' ? ['node:*'] : node.map((name) => `node:${name}`))].join(', ') || 'nothing'}`,
  from: { path: roomPattern(room) },
  to: {
    pathNot: [
      roomPattern(room),
      ...rooms.map(roomPattern),
      ...packages.map(packagePattern),
      ...(node === 'any' ? [] : node.map(nodePattern)),
    ],
    ...(node === 'any' ? { dependencyTypesNot: ['core'] } : {}),
  },
});

const ofAlone = ({ what, packages = [], modules = [], files }) => ({
  name: `only one place knows ${what}`,
  severity: 'error',
  from: { path: '^(server|shared)/', pathNot: files.map(roomPattern) },
  to: { path: [...packages.map(packagePattern), ...modules.map(roomPattern)] },
});

export default {
  forbidden: [
    ...laws.map(ofRoom),
    ...alone.filter(({ global }) => global === undefined).map(ofAlone),
    {
      name: 'no circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every file stands in a room',
      severity: 'error',
      from: { path: '^server/', pathNot: laws.map(({ room }) => roomPattern(room)) },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.d.ts'],
    },
  },
};
