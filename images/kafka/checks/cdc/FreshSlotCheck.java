package cdc;

import java.util.Map;

/** When a task begins with a snapshot of all rows, for which its slot is made anew. */
final class FreshSlotCheck {
    private static final Map<String, Object> READ = Map.of("lsn", 1L);
    private static final Map<String, Object> AMID = Map.of("lsn", 1L, "snapshot", "INITIAL", "snapshot_completed", false);
    private static final Map<String, Object> DONE = Map.of("lsn", 1L, "snapshot", "INITIAL", "snapshot_completed", true);
    /** The stream goes on behind a snapshot that somebody has asked for in the middle of it. */
    private static final Map<String, Object> ASKED = Map.of("lsn", 1L, "snapshot", "BLOCKING", "snapshot_completed", false);

    public static void main(String[] args) {
        for (String mode : new String[] {"initial", "when_needed"}) {
            check(true, mode, null);
            check(true, mode, AMID);
            check(false, mode, DONE);
            check(false, mode, READ);
            check(false, mode, ASKED);
        }
        check(true, "always", READ);
        // It goes on with what the slot holds.
        check(false, "no_data", null);
        check(false, "initial_only", null);
    }

    private static void check(boolean wanted, String mode, Map<String, Object> stored) {
        if (FreshSlot.isBegun(mode, stored) != wanted) {
            throw new AssertionError(mode + " with the offset " + stored + ": " + !wanted);
        }
    }
}
