// Whose accounts a session has.

export const PROVIDERS = ["official", "reseller", "upstream", "erban"];
/** Those that a client is configured with; `upstream` is the reseller's own account. */
export const CONFIGURED = ["official", "reseller", "erban", "panel"];
