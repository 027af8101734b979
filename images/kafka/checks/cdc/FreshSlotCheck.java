package cdc;

import io.debezium.connector.postgresql.connection.Lsn;
import java.util.Map;
import java.util.Objects;

/** Checks when a task begins with a snapshot of all rows, for which it makes a new slot. */
final class FreshSlotCheck {
    private static final Map<String, Object> READ = Map.of("lsn", 1L);
    private static final Map<String, Object> PROCESSED = Map.of("lsn", 1L, "lsn_proc", 100L);
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

        // The offset is before what the slot holds, or there is no slot.
        checkUnreachable("0/64", "when_needed", PROCESSED, Lsn.valueOf(101L));
        checkUnreachable("0/64", "when_needed", PROCESSED, null);
        checkUnreachable(null, "when_needed", PROCESSED, Lsn.valueOf(100L));
        checkUnreachable(null, "when_needed", null, null);
        checkUnreachable(null, "when_needed", AMID, null);
        // Debezium has no position to compare with that of the slot, or it refuses such a start.
        checkUnreachable(null, "when_needed", READ, Lsn.valueOf(101L));
        checkUnreachable("0/1", "when_needed", READ, null);
        checkUnreachable(null, "initial", PROCESSED, null);

        // A slot's name has small letters, digits and underscores only.
        checkNote(26_909L, false);
        checkNote(Long.MAX_VALUE, true);
    }

    private static void checkNote(long from, boolean deleted) {
        FreshSlot.PassedOver part = new FreshSlot.PassedOver(Lsn.valueOf(from), deleted);
        if (!part.equals(FreshSlot.PassedOver.ofNote(part.noted()))) {
            throw new AssertionError(part + " noted as " + part.noted());
        }
    }

    private static void checkUnreachable(String wanted, String mode, Map<String, Object> stored, Lsn begins) {
        Lsn found = FreshSlot.unreachable(mode, stored, begins);
        if (!Objects.equals(wanted, found == null ? null : found.asString())) {
            throw new AssertionError(mode + " with the offset " + stored + " and a slot from " + begins + ": " + found);
        }
    }

    private static void check(boolean wanted, String mode, Map<String, Object> stored) {
        if (FreshSlot.isBegun(mode, stored) != wanted) {
            throw new AssertionError(mode + " with the offset " + stored + ": " + !wanted);
        }
    }
}
