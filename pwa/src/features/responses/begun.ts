/** A response that is begun and not kept yet. */
import type { ResponseKind } from '../../api/shapes';

export interface BegunResponse {
  kind: ResponseKind | null;
  text: string;
}

/** The name of its draft. */
export const responseKey = (reflectionId: string): string => `response/${reflectionId}`;

export const responseText = ({ text }: BegunResponse): string => text;
