declare module 'subset-font' {
  /** The part of its interface that `typeface.ts` uses. */
  export default function subsetFont(
    font: Buffer,
    letters: string,
    options: {
      targetFormat: 'woff2';
      keepFeatures: string[];
      variationAxes: Record<string, { min: number; max: number }>;
      noHinting: boolean;
    },
  ): Promise<Buffer>;
}
