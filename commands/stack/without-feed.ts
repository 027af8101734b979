/** Why a stack has no feed. By itself, since `npm run watch` needs nothing else of a stack's outputs. */
export const WITHOUT_FEED = "cdc:consumer is not the project's own consumer";
