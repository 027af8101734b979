/** Modules for programs without containers of this project. */
export const SHARED = ["components/connector/index", "components/capture/index"];
/** Providers that the engine runs for them. */
export const PROVIDERS = ["components/connector/connector-provider", "components/capture/capture-provider"];
