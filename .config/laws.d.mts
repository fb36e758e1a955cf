export interface Law {
  readonly room: string;
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[] | 'any';
  readonly pure?: boolean;
}

export interface Alone {
  readonly what: string;
  readonly packages?: readonly string[];
  readonly modules?: readonly string[];
  readonly global?: string;
  readonly files: readonly string[];
}

export const laws: readonly Law[];
export const alone: readonly Alone[];
