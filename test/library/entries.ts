/** What programs import that have no containers of ours. */
export const SHARED = ["components/connector/index", "components/capture/index"];
/** What the engine runs for them. */
export const PROVIDERS = ["components/connector/connector-provider", "components/capture/capture-provider"];
