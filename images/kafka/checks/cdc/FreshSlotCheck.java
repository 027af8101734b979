package cdc;

import java.util.Map;

/** Checks when a task begins with a snapshot of all rows, for which it makes a new slot. */
final class FreshSlotCheck {
    private static final Map<String, Object> READ = Map.of("lsn", 1L);
    private static final Map<String, Object> AMID = Map.of("lsn", 1L, "snapshot", "INITIAL", "snapshot_completed", false);
    private static final Map<String, Object> DONE = Map.of("lsn", 1L, "snapshot", "INITIAL", "snapshot_completed", true);
    /** Stored in the middle of a snapshot that somebody has asked for: the stream goes on after it. */
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
        // In these modes, the task goes on with what the slot holds.
        check(false, "no_data", null);
        check(false, "initial_only", null);
    }

    private static void check(boolean wanted, String mode, Map<String, Object> stored) {
        if (FreshSlot.isBegun(mode, stored) != wanted) {
            throw new AssertionError(mode + " with the offset " + stored + ": " + !wanted);
        }
    }
}
