// Not in TypeScript's library yet; only the part that worker-bridge.ts uses.
interface TrustedTypePolicy {
  createScriptURL(input: string): unknown;
}
interface Window {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(input: string): string },
    ): TrustedTypePolicy;
  };
}
